-- Removes everything of a conference but its epoch, which then expires like that of any empty conference.
-- KEYS: head, events, ids, checkpoint, cursors   (layout: RedisKeys.cs)
-- ARGV: epoch, lifetime of the epoch in ms
-- Gives: 1 removed, 0 stale epoch
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return 0 end
redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[4], KEYS[5])
redis.call('HDEL', KEYS[1], 'revision')
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
