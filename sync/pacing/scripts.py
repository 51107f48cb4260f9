"""The Lua that runs inside Redis, on Redis' own clock, so that all workers count alike."""

from __future__ import annotations

# KEYS: slots (sorted set: slot id → when it expires), bucket (hash: level, at), pace (next free moment), held (nobody before),
#       urgent (until when the less urgent stand back), the slots of all who share the IP address
# ARGV: slot id, connections allowed, seconds a slot lives, capacity, drain, cost, headroom, pace, whether it is urgent,
#       connections allowed to the IP address (0 for any number)
# Answers {1, 0} with the slot taken, or {0, seconds to wait}.
ACQUIRE = """
local function wait(seconds)
  if ARGV[9] == '1' then
    redis.call('SET', KEYS[5], '1', 'PX', 1000)
  end
  return {0, tostring(seconds)}
end
local t = redis.call('TIME')
local now = tonumber(t[1]) + tonumber(t[2]) / 1000000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
  return wait(0.05)
end
local sharers = tonumber(ARGV[10])
if sharers > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[6], '-inf', now)
  if redis.call('ZCARD', KEYS[6]) >= sharers then
    return wait(0.05)
  end
end
if ARGV[9] == '0' and redis.call('EXISTS', KEYS[5]) == 1 then
  return wait(0.05)
end
local held = tonumber(redis.call('GET', KEYS[4]) or '0')
if held > now then
  return wait(held - now)
end
local capacity = tonumber(ARGV[4])
if capacity > 0 then
  local level = tonumber(redis.call('HGET', KEYS[2], 'level') or tostring(capacity * 0.5))
  local at = tonumber(redis.call('HGET', KEYS[2], 'at') or tostring(now))
  level = math.max(0, level - (now - at) * tonumber(ARGV[5]))
  local cost = tonumber(ARGV[6])
  local excess = level + cost + tonumber(ARGV[7]) - capacity
  if excess > 0 then
    -- A level that nobody knows is taken for half full from now on and leaks; looked at as half full each time, it never would.
    redis.call('HSETNX', KEYS[2], 'level', tostring(level))
    redis.call('HSETNX', KEYS[2], 'at', tostring(now))
    redis.call('EXPIRE', KEYS[2], 3600)
    return wait(excess / tonumber(ARGV[5]))
  end
  redis.call('HSET', KEYS[2], 'level', tostring(level + cost), 'at', tostring(now))
  redis.call('EXPIRE', KEYS[2], 3600)
end
local pace = tonumber(ARGV[8])
if pace > 0 then
  local free = tonumber(redis.call('GET', KEYS[3]) or '0')
  if free > now then
    return wait(free - now)
  end
  redis.call('SET', KEYS[3], tostring(now + pace), 'EX', 3600)
end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
if sharers > 0 then
  redis.call('ZADD', KEYS[6], now + tonumber(ARGV[3]), ARGV[1])
  redis.call('EXPIRE', KEYS[6], 3600)
end
if ARGV[9] == '1' then
  redis.call('DEL', KEYS[5])
end
redis.call('EXPIRE', KEYS[1], 3600)
return {1, '0'}
"""

# KEYS: bucket, slots, held  ARGV: the partner's own level, cost expected of each request still under way, seconds to hold
OBSERVE = """
local t = redis.call('TIME')
local now = tonumber(t[1]) + tonumber(t[2]) / 1000000
if ARGV[1] ~= '' then
  local others = math.max(0, redis.call('ZCARD', KEYS[2]) - 1)
  redis.call('HSET', KEYS[1], 'level', tostring(tonumber(ARGV[1]) + others * tonumber(ARGV[2])), 'at', tostring(now))
  redis.call('EXPIRE', KEYS[1], 3600)
end
if tonumber(ARGV[3]) > 0 then
  redis.call('SET', KEYS[3], tostring(now + tonumber(ARGV[3])), 'EX', 3600)
end
return 1
"""
