-- Takes the ownership of a conference.
-- KEYS: head, checkpoint                   (layout: RedisKeys.cs)
-- ARGV: lifetime of the epoch of a conference without events, in ms
-- Gives: epoch, last revision, revision of the checkpoint or false, its payload or false
-- The epoch follows the server's clock in microseconds, and always grows. So it grows too when a replica that missed
-- the last epoch becomes master, and when the epoch of an empty conference has been forgotten (ADR-0004).
-- 2^53 microseconds are 285 years: Lua's numbers hold them exactly.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local head = redis.call('HMGET', KEYS[1], 'epoch', 'revision')
local epoch = string.format('%.0f', math.max(tonumber(head[1] or '0') + 1, now))
redis.call('HSET', KEYS[1], 'epoch', epoch)
if not head[2] then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
local checkpoint = redis.call('HMGET', KEYS[2], 'revision', 'payload')
return { epoch, head[2] or '0', checkpoint[1], checkpoint[2] }
