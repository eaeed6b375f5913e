-- Moves cursors forward.
-- KEYS: head, cursors                      (layout: RedisKeys.cs)
-- ARGV: epoch, then participant and revision of each cursor
-- Gives: 1 the epoch is right, 0 it is stale and nothing was written
local head = redis.call('HMGET', KEYS[1], 'epoch', 'revision')
if head[1] ~= ARGV[1] then return 0 end
if not head[2] then return 1 end
for i = 2, #ARGV, 2 do
  local stored = redis.call('HGET', KEYS[2], ARGV[i])
  if not stored or tonumber(ARGV[i + 1]) > tonumber(stored) then
    redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
  end
end
return 1
