-- Prolongs a blob, or stores it when its content is given. A lifetime is never shortened.
-- KEYS: blob                               (layout: RedisKeys.cs)
-- ARGV: lifetime in ms, content (may be left out)
-- Gives: 1 it is there, 0 it is not and no content was given
local left = redis.call('PTTL', KEYS[1])
if left == -2 then
  if #ARGV < 2 then return 0 end
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[1])
elseif left >= 0 and left < tonumber(ARGV[1]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
return 1
