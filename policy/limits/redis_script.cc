#include "policy/limits/redis_script.h"

namespace postern {

// A meter: {count, period in s, burst, drained at us, ticks, and when 80, 90
// and 100 % were told}. An open charge: {id, at us, units of a grant, and for
// each meter what it gives back in us, ticks}. The rules are Counter's.
constinit const std::string_view kRedisScript = R"lua(
local call, pack, take = redis.call, struct.pack, struct.unpack
local LAPSE, MOST_OPEN, MARGIN_MS = 600000000, 4096, 60000

local function sub(aw, af, bw, bf, tick)
  local w, f = aw - bw, af - bf
  if f < 0 then return w - 1, f + tick end
  return w, f
end
local function add(aw, af, bw, bf, tick)
  local w, f = aw + bw, af + bf
  if f >= tick then return w + 1, f - tick end
  return w, f
end
local function less(aw, af, bw, bf)
  return aw < bw or (aw == bw and af < bf)
end

-- The server's time, made to never step back by more than a second.
local function read_clock(given)
  local wall = given
  if given == 0 then
    local time = call('TIME')
    wall = tonumber(time[1]) * 1000000 + tonumber(time[2])
  end
  local last, ahead = wall - 1000000, 0
  local seen = call('GET', KEYS[1])
  if seen and #seen == 16 then last, ahead = take('<dd', seen) end
  if wall < last then ahead = ahead + last - wall end
  if wall < last or wall >= last + 1000000 or given ~= 0 then
    call('SET', KEYS[1], pack('<dd', wall, ahead))
  end
  return wall + ahead
end
local now = read_clock(tonumber(ARGV[2]))

local function debt(m)
  if m[4] < now then return 0, 0 end
  return m[4] - now, m[5]
end

local function decode(raw)
  if #raw < 24 or string.sub(raw, 1, 3) ~= 'PL1' then return nil end
  local rates, charges, granted, expires, at = take('<BI4dd', raw, 4)
  if #raw ~= 24 + rates * 64 + charges * (24 + rates * 16) then return nil end
  local c = {meters = {}, open = {}, granted = granted, expires = expires}
  for r = 1, rates do
    local m = {take('<dddddddd', raw, at)}
    at = m[9]
    c.meters[r] = m
  end
  local format = charges > 0 and '<c8dd' .. string.rep('dd', rates)
  for i = 1, charges do
    local o = {take(format, raw, at)}
    at = o[4 + 2 * rates]
    c.open[i] = o
  end
  return c
end

local function save(key, c)
  local left = 0
  local parts = {'PL1', pack('<BI4dd', #c.meters, #c.open, c.granted,
                                    c.expires)}
  for r = 1, #c.meters do
    local m = c.meters[r]
    parts[r + 2] = pack('<dddddddd', m[1], m[2], m[3], m[4], m[5],
                                    m[6], m[7], m[8])
    local told = m[6]  -- the first step is told with each other
    if told >= 0 and told + m[2] * 1000000 - now > left then
      left = told + m[2] * 1000000 - now
    end
    if m[4] - now + 1 > left then left = m[4] - now + 1 end
  end
  if #c.open > 0 then
    local format = '<c8dd' .. string.rep('dd', #c.meters)
    local last = 3 + 2 * #c.meters
    for _, o in ipairs(c.open) do
      parts[#parts + 1] = pack(format, unpack(o, 1, last))
    end
    left = math.max(left, c.open[#c.open][2] + LAPSE - now)
  end
  if c.granted > 0 then left = math.max(left, c.expires - now) end
  call('SET', key, table.concat(parts), 'PX',
             math.ceil(left / 1000) + MARGIN_MS)
end

local function find(c, id)
  for i, o in ipairs(c.open) do
    if o[1] == id then return i end
  end
  return nil
end

local function cancel(c, i)
  local o = table.remove(c.open, i)
  for r, m in ipairs(c.meters) do
    local w, f = o[2 + 2 * r], o[3 + 2 * r]
    local dw, df = debt(m)
    if less(dw, df, w, f) then w, f = dw, df end
    m[4], m[5] = sub(m[4], m[5], w, f, 1000 * m[1])
  end
  c.granted = c.granted + o[3]
end

local function lapse(c)
  while c.open[1] and c.open[1][2] + LAPSE <= now do cancel(c, 1) end
end

-- What together they would give back is never more than the debt.
local function narrow(c)
  if #c.open == 0 then return end
  for r, m in ipairs(c.meters) do
    local w, f = debt(m)
    local tick = 1000 * m[1]
    for i = #c.open, 1, -1 do
      local o = c.open[i]
      if less(w, f, o[2 + 2 * r], o[3 + 2 * r]) then
        o[2 + 2 * r], o[3 + 2 * r] = w, f
      end
      w, f = sub(w, f, o[2 + 2 * r], o[3 + 2 * r], tick)
    end
  end
end

-- An ask: the cost, then for each rate count, period, burst, the full debt, the
-- cost's, and the debts at 80 and 90 %.
local formats = {}
local function load(place, first)
  local key, packed = KEYS[place], ARGV[first]
  local raw = call('GET', key)
  local is_replaced = raw and ARGV[first + 2] ~= '' and raw == ARGV[first + 1]
  if is_replaced then raw = ARGV[first + 2] end
  local rates = (#packed - 8) / 88
  local format = formats[rates]
  if not format then
    format = '<d' .. string.rep('ddddddddddd', rates)
    formats[rates] = format
  end
  local a = {take(format, packed)}
  local c
  if raw then
    c = decode(raw)
    if not c then return nil end
    lapse(c)
  else
    c = {meters = {}, open = {}, granted = 0, expires = 0}
    for r = 1, rates do
      local b = 11 * r - 9
      c.meters[r] = {a[b], a[b + 1], a[b + 2], 0, 0, -1, -1, -1}
    end
  end
  c.raw, c.ask, c.rates, c.is_replaced = raw, a, rates, is_replaced
  return c
end

local function fits(c)
  if #c.meters ~= c.rates then return false end
  local a = c.ask
  for r, m in ipairs(c.meters) do
    local b = 11 * r - 9
    if m[1] ~= a[b] or m[2] ~= a[b + 1] then return false end
    local w, f = debt(m)
    if less(a[b + 3], a[b + 4], w, f) then return false end
    m[3] = a[b + 2]
  end
  return true
end

-- The wait until the rate admits the cost; nil: it does. A negative one: never.
local function wait(m, a, b)
  if a[1] <= 0 then return nil end
  if a[1] > a[b + 2] then return -1, 0 end
  local w, f = debt(m)
  w, f = add(w, f, a[b + 5], a[b + 6], 1000 * m[1])
  if not less(a[b + 3], a[b + 4], w, f) then return nil end
  w, f = sub(w, f, a[b + 3], a[b + 4], 1000 * m[1])
  -- Exact: a quotient of up to 1000 and a count of up to 10^12 differs from the
  -- next whole number by more than a double's step.
  local ns = math.ceil(f / m[1])
  if ns == 1000 then return w + 1, 0 end
  return w, ns
end

local function later(aw, an, bw, bn)
  if aw < 0 or bw < 0 then return aw < 0 and bw >= 0 end
  return less(bw, bn, aw, an)
end

-- The rate that keeps it longest; nil: none, or the grant takes it.
local function refusal(c)
  local worst, ww, wn
  for r, m in ipairs(c.meters) do
    local w, n = wait(m, c.ask, 11 * r - 9)
    if w and (not worst or later(w, n, ww, wn)) then worst, ww, wn = r, w, n end
  end
  c.is_over = worst ~= nil
  local granted = now < c.expires and c.granted or 0
  if worst and c.ask[1] <= granted then return nil end
  return worst, ww, wn
end

local function charge(m, a, b)
  if a[1] <= 0 then return end
  local w, f = debt(m)
  w, f = add(w, f, a[b + 5], a[b + 6], 1000 * m[1])
  if less(a[b + 3], a[b + 4], w, f) then w, f = a[b + 3], a[b + 4] end
  m[4], m[5] = now + w, f
end

-- The highest percentage that was just reached and not told within the period.
local function percent(m, a, b, bw, bf)
  local w, f = debt(m)
  if less(w, f, a[b + 7], a[b + 8]) then return 0 end
  local steps = {a[b + 7], a[b + 8], a[b + 9], a[b + 10], a[b + 3], a[b + 4]}
  for k = 3, 1, -1 do
    local tw, tf = steps[2 * k - 1], steps[2 * k]
    if not less(w, f, tw, tf) and less(bw, bf, tw, tf) then
      local last = m[5 + k]
      if last >= 0 and now - last < m[2] * 1000000 then return 0 end
      for told = 1, k do m[5 + told] = now end
      return 70 + 10 * k
    end
  end
  return 0
end

local function reserve(c, id, place, answer)
  local o = {id, now, 0}
  narrow(c)
  if c.is_over then
    c.granted = c.granted - c.ask[1]
    o[3] = c.ask[1]
  end
  for r, m in ipairs(c.meters) do
    local ow, of = 0, 0
    if not c.is_over then
      local bw, bf = debt(m)
      charge(m, c.ask, 11 * r - 9)
      local aw, af = debt(m)
      ow, of = sub(aw, af, bw, bf, 1000 * m[1])
      local reached = percent(m, c.ask, 11 * r - 9, bw, bf)
      if reached > 0 then
        local n = #answer
        answer[n + 1], answer[n + 2], answer[n + 3] = place, r - 1, reached
      end
    end
    o[2 + 2 * r], o[3 + 2 * r] = ow, of
  end
  -- The oldest of very many is charged for good.
  if #c.open >= MOST_OPEN then table.remove(c.open, 1) end
  c.open[#c.open + 1] = o
end

local function foreign(key)
  return redis.error_reply('POSTERN the key ' .. key ..
                           ' holds something else; delete or move it')
end

local operation, counters, first = ARGV[1], {}, 4
if operation == 'commit' then first = 5 end

if operation == 'reserve' or operation == 'commit' then
  local id, at = ARGV[3], tonumber(ARGV[4])
  local convert = {2, now}
  for i = 2, #KEYS do
    local c = load(i, first + 3 * (i - 2))
    if not c then return foreign(KEYS[i]) end
    counters[i] = c
    local needs_rates = true
    if operation == 'commit' then
      c.found = find(c, id)
      c.is_late = not c.found and at + LAPSE <= now
      needs_rates = c.is_late
    end
    if needs_rates and not fits(c) then
      convert[#convert + 1], convert[#convert + 2] = i - 2, c.raw
    end
  end
  if #convert > 2 then return convert end
  if operation == 'commit' then
    for i = 2, #KEYS do
      local c = counters[i]
      if c.found then table.remove(c.open, c.found) end
      if c.is_late then
        narrow(c)
        for r, m in ipairs(c.meters) do charge(m, c.ask, 11 * r - 9) end
      end
      if c.found or c.is_late or c.is_replaced then save(KEYS[i], c) end
    end
    return {0, now}
  end
  local worst
  for i = 2, #KEYS do
    local r, w, n = refusal(counters[i])
    if r and (not worst or later(w, n, worst[5], worst[6])) then
      worst = {1, i - 2, r - 1, w < 0 and 1 or 0, w, n}
    end
  end
  if worst then
    for i = 2, #KEYS do
      if counters[i].is_replaced then save(KEYS[i], counters[i]) end
    end
    return worst
  end
  local answer = {0, now}
  for i = 2, #KEYS do
    reserve(counters[i], id, i - 2, answer)
    save(KEYS[i], counters[i])
  end
  return answer
end

for i = 2, #KEYS do
  local raw = call('GET', KEYS[i])
  local c = {meters = {}, open = {}, granted = 0, expires = 0}
  if raw then c = decode(raw) end
  if not c then return foreign(KEYS[i]) end
  lapse(c)
  if operation == 'grant' then
    c.granted, c.expires = tonumber(ARGV[3]), now + tonumber(ARGV[4])
    for _, o in ipairs(c.open) do o[3] = 0 end
    save(KEYS[i], c)
  else
    local found = find(c, ARGV[3])
    if found then
      cancel(c, found)
      save(KEYS[i], c)
    end
  end
end
return {0, now}
)lua";

}  // namespace postern
