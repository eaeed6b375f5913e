-- Appends events in one step: all or none.
-- KEYS: head, events, ids                  (layout: RedisKeys.cs)
-- ARGV: epoch, revision of the first event, then event id and payload of each event
-- Gives: 0 appended (now, or earlier by the very same call), 1 stale epoch, 2 revision conflict, 3 duplicate id
local head = redis.call('HMGET', KEYS[1], 'epoch', 'revision')
if head[1] ~= ARGV[1] then return 1 end
local last = tonumber(head[2] or '0')
local first = tonumber(ARGV[2])
local count = (#ARGV - 2) / 2

if first ~= last + 1 then
  -- A repetition after a lost answer carries exactly what is stored; anything else is a conflict.
  if first > last or first + count - 1 > last then return 2 end
  local stored = redis.call('XRANGE', KEYS[2], first .. '-0', (first + count - 1) .. '-0')
  if #stored ~= count then return 2 end
  for i = 1, count do
    local fields = stored[i][2]
    if fields[2] ~= ARGV[1 + 2 * i] or fields[4] ~= ARGV[2 + 2 * i] then return 2 end
  end
  return 0
end

local seen = {}
for i = 1, count do
  local id = ARGV[1 + 2 * i]
  if id ~= '' then
    if seen[id] or redis.call('SISMEMBER', KEYS[3], id) == 1 then return 3 end
    seen[id] = true
  end
end

-- Nothing was written so far. From here on no check can fail: out of memory and missing replicas are told before the
-- first write of a script, and never in the middle of it.
for i = 1, count do
  local id = ARGV[1 + 2 * i]
  redis.call('XADD', KEYS[2], (first + i - 1) .. '-0', 'i', id, 'p', ARGV[2 + 2 * i])
  if id ~= '' then redis.call('SADD', KEYS[3], id) end
end
redis.call('HSET', KEYS[1], 'revision', first + count - 1)
if first == 1 then redis.call('PERSIST', KEYS[1]) end
return 0
