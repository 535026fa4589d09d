-- Takes the lease KEYS[2] as ARGV[1] for ARGV[2] milliseconds, if nobody holds it. Whoever
-- asks again because the answer was lost has it. Returns whether it was had, and the
-- position KEYS[1].
local position = redis.call('GET', KEYS[1]) or ''
if not redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) and redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return {0, ''}
end
return {1, position}
