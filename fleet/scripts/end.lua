-- Gives back the lease KEYS[2] if it still holds ARGV[1], and forgets the position
-- KEYS[1] if ARGV[2] says so.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
if ARGV[2] == 'finished' then
  redis.call('DEL', KEYS[1])
end
redis.call('DEL', KEYS[2])
return 1
