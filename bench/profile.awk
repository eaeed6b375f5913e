# Sorts the stacks of 'perf script' into what the server was doing. A stack is read from the leaf: the first frame that
# says what it belongs to decides, a system call before all others. Prints a table of shares, and the heaviest leaves.

function sort_of(frames, leaf_first,    n) {
  if (frames ~ /sys_(sendmmsg|sendmsg|sendto|writev)/) return "system calls: sending"
  if (frames ~ /sys_(recvmmsg|recvmsg|recvfrom|readv?)[ \n(]/) return "system calls: receiving"
  if (frames ~ /sys_(fsync|fdatasync|pwrite64|pread64|fcntl|ftruncate|unlink)/) return "journal: disk"
  if (frames ~ /sys_(futex|epoll|nanosleep|clock_nanosleep|sched_yield|ppoll|poll)/) return "waking and waiting for threads"
  if (frames ~ /libe_sqlite3|Conference\.Store|SQLitePCL/) return "journal: SQLite and its thread"
  if (frames ~ /libclrgc|gc_heap|WKS::|SVR::/) return "collector"
  if (frames ~ /libclrjit/) return "compiler"
  if (frames ~ /Conference\.Protocol|System\.Xml/) return "an event: XML"
  for (n = 1; n <= depth; n++) {
    if (frame[n] ~ /FanoutResponses|Sip\.Stack\.Delivery|StreamReceiver|DatagramIntake|IncomingMessages|SipFrame/)
      return "answers: cut and matched"
    if (frame[n] ~ /AppServer\.Links\.(DeliveryWindow|WindowWork|FairQueue|AdaptiveLimit|ConferenceFlows)/)
      return "window of the next hop"
    if (frame[n] ~ /AppServer\.Links|HopHead|WriteQueue|SipConnection|UdpSender|UdpSegments/)
      return "rendered and put into the way out"
    if (frame[n] ~ /Conference\.Actors\.Fanout/) return "cursors, offering the next event"
    if (frame[n] ~ /Conference\.Actors|Akka/) return "an event: actor and rules"
    if (frame[n] ~ /AppServer\.FrontDoor|Sip\.Stack/) return "an event: SIP and front door"
  }
  if (frames ~ /libcoreclr|System\.Threading|PortableThreadPool/) return "runtime: threads and timers"
  if (frames ~ /\[kernel|\[unknown\]/ && depth == 1) return "not known"
  return "kernel and others"
}

function end_of_stack(    what) {
  if (depth == 0) return
  what = sort_of(frames)
  count[what]++
  self[leaf]++
  total++
  depth = 0
  frames = ""
}

/^[^ \t]/ { end_of_stack(); next } # the thread's name begins a sample
/^[ \t]*$/ { end_of_stack(); next }
{
  line = $0
  sub(/^[ \t]*[0-9a-f]+ /, "", line)
  frame[++depth] = line
  frames = frames line "\n"
  if (depth == 1) {
    leaf = line
    sub(/ \(\/.*$|\+0x.*$/, "", leaf)
    if (length(leaf) > 100) leaf = substr(leaf, 1, 97) "..."
  }
}

END {
  end_of_stack()
  if (total == 0) { print "no samples"; exit 1 }
  print "| cost | % |\n|---|--:|"
  sorter = "sort -t '|' -k 3 -rn"
  for (what in count) printf "| %s | %.1f |\n", what, 100 * count[what] / total | sorter
  close(sorter)
  print "\n| leaf | % |\n|---|--:|"
  sorter = "sort -t '|' -k 3 -rn | head -n 15"
  for (leaf in self) { gsub(/\|/, "/", leaf); printf "| `%s` | %.1f |\n", leaf, 100 * self[leaf] / total | sorter }
  close(sorter)
  printf "\n%d samples.\n", total
}
