-- Replaces the checkpoint, unless the epoch is stale, a newer one is there, or it is ahead of the last event.
-- KEYS: head, checkpoint                   (layout: RedisKeys.cs)
-- ARGV: epoch, revision, payload
-- Gives: 1 written, 0 not
local head = redis.call('HMGET', KEYS[1], 'epoch', 'revision')
if head[1] ~= ARGV[1] then return 0 end
local revision = tonumber(ARGV[2])
if revision > tonumber(head[2] or '0') then return 0 end
if revision < tonumber(redis.call('HGET', KEYS[2], 'revision') or '0') then return 0 end
redis.call('HSET', KEYS[2], 'revision', ARGV[2], 'payload', ARGV[3])
return 1
