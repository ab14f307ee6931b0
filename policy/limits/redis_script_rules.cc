// The part of the script that counts what is not usual, and all that is not a
// reservation. The rules are Counter's.
#include "policy/limits/redis_script.h"

namespace postern {

constinit const std::string_view kRedisScriptRules = R"lua(
local function less(aw, af, bw, bf)
  return aw < bw or (aw == bw and af < bf)
end
local function plus(aw, af, bw, bf, tick)
  local w, f = aw + bw, af + bf
  if f >= tick then return w + 1, f - tick end
  return w, f
end
local function minus(aw, af, bw, bf, tick)
  local w, f = aw - bw, af - bf
  if f < 0 then return w - 1, f + tick end
  return w, f
end

-- So many numbers.
local FORMATS = {}
local function numbers(n)
  if not FORMATS[n] then FORMATS[n] = string.rep('d', n) end
  return FORMATS[n]
end

-- The counter at hand. M has five numbers for each rate: count, period, burst
-- and when drained; T three: when it was told of, none for never.
local M, T, rates, opens, granted, expires = {}, {}, 0, 0, 0, 0
local kept, tail = 0, ''

local function debt(m)
  local w = M[m + 4]
  if w < now then return 0, 0 end
  return w - now, M[m + 5]
end

-- Takes the open charge at that place in the tail out of it.
local function close(at, gives_back)
  local _, _, units, next_at = take('<c8dd', tail, at)
  for m = 0, 5 * rates - 5, 5 do
    local w, f
    w, f, _, _, next_at = take('<dddd', tail, next_at)
    if gives_back then
      local dw, df = debt(m)
      if less(dw, df, w, f) then w, f = dw, df end
      M[m + 4], M[m + 5] = minus(M[m + 4], M[m + 5], w, f, 1000 * M[m + 1])
    end
  end
  if gives_back then granted = granted + units end
  tail = sub(tail, 1, at - 1) .. sub(tail, next_at)
  opens = opens - 1
end

local function find_open()
  local at = 0
  repeat
    at = string.find(tail, id, at + 1, true)
  until not at or (at - 1) % (24 + 32 * rates) == 0
  return at
end

local function foreign(place, raw)
  local what = ' holds something else; delete or move it'
  if string.find(raw, '^PL%d') then
    what = ' holds a counter of another version; delete it'
  end
  return redis.error_reply('POSTERN the key ' .. KEYS[place] .. what)
end

-- Where nothing is there is a counter without rates. Fails: it is not ours.
local replaced = {}
local function load(place)
  local raw, other = stored(place), replaced[place]
  if other and raw ~= other[1] then replaced[place] = nil end
  if replaced[place] then raw = other[2] end
  M, T, rates, opens, granted, expires, kept, tail = {}, {}, 0, 0, 0, 0, 0, ''
  if not raw then return nil end
  if #raw < 17 or sub(raw, 1, 3) ~= 'PL2' then return foreign(place, raw) end
  local _, extra, at
  _, rates, extra, opens, kept, at = take('<c3BBI4d', raw)
  if #raw ~= 17 + 40 * rates + extra * (16 + 24 * rates) +
             opens * (24 + 32 * rates) then
    return foreign(place, raw)
  end
  M = {take('<' .. numbers(5 * rates), raw, at)}
  at = M[5 * rates + 1]
  if extra > 0 then
    granted, expires, at = take('<dd', raw, at)
    T = {take('<' .. numbers(3 * rates), raw, at)}
    at = table.remove(T)
  end
  tail = sub(raw, at)
  while opens > 0 and take('<d', tail, 9) + LAPSE <= now do close(1, true) end
  return nil
end

local function save(place)
  local till, extra = now, 0
  for r = 0, rates - 1 do
    if M[5 * r + 4] >= till then till = M[5 * r + 4] + 1 end
    -- The first step is told with each other.
    local told = (T[3 * r + 1] or -1) + M[5 * r + 2] * 1000000
    if told > now and T[3 * r + 1] and T[3 * r + 1] >= 0 then
      extra = 1
      if told > till then till = told end
    end
  end
  if opens > 0 then
    local at = take('<d', tail, #tail - 32 * rates - 15)
    if at + LAPSE > till then till = at + LAPSE end
  end
  if expires > now then extra = 1 end
  if expires > till then till = expires end
  if till > kept then
    kept = till + MARGIN
    times[place] = math.ceil((kept - now) / 1000)
  end
  local more = ''
  if extra > 0 then
    for i = 1, 3 * rates do T[i] = T[i] or -1 end
    more = pack('<dd' .. numbers(3 * rates), granted, expires,
                unpack(T, 1, 3 * rates))
  end
  states[place] = pack('<c3BBI4d' .. numbers(5 * rates), 'PL2', rates, extra,
                       opens, kept, unpack(M, 1, 5 * rates)) .. more .. tail
end

-- What together they would give back is never more than the debt. An open
-- charge says what it and the older ones give back at most, for each rate.
local function narrow()
  if opens == 0 then return end
  local size, is_needed = 24 + 32 * rates, false
  local newest = {take('<' .. numbers(4 * rates), tail,
                       #tail - 32 * rates + 1)}
  local left = {}
  for r = 0, rates - 1 do
    local w, f = debt(5 * r)
    local sw, sf = newest[4 * r + 3], newest[4 * r + 4]
    is_needed = is_needed or sw < 0 or less(w, f, sw, sf)
    left[2 * r + 1], left[2 * r + 2] = w, f
  end
  if not is_needed then return end
  local format, open = '<c8dd' .. numbers(4 * rates), {}
  for i = opens, 1, -1 do
    local o = {take(format, tail, (i - 1) * size + 1)}
    for r = 0, rates - 1 do
      local w, f, at = left[2 * r + 1], left[2 * r + 2], 4 + 4 * r
      if less(w, f, o[at], o[at + 1]) then o[at], o[at + 1] = w, f end
      left[2 * r + 1], left[2 * r + 2] =
        minus(w, f, o[at], o[at + 1], 1000 * M[5 * r + 1])
    end
    open[i] = o
  end
  for i, o in ipairs(open) do
    for at = 4, 4 * rates, 4 do
      o[at + 2], o[at + 3] = o[at], o[at + 1]
      if i > 1 then
        o[at + 2], o[at + 3] =
          plus(o[at], o[at + 1], open[i - 1][at + 2], open[i - 1][at + 3],
               1000 * M[5 * at / 4 - 4])
      end
    end
  end
  for i, o in ipairs(open) do
    open[i] = pack(format, unpack(o, 1, 3 + 4 * rates))
  end
  tail = table.concat(open)
end

-- The ask at hand: the cost and A, eleven numbers for each rate.
local A, cost = {}, 0
local function read_ask(at)
  local n = take('<B', asks, at)
  A = {take('<' .. numbers(13 * n + 1), asks, at + 1)}
  cost = A[13 * n + 1]
  if rates == 0 and opens == 0 then
    rates = n
    for r = 0, rates - 1 do
      local m, a = 5 * r, 13 * r
      M[m + 1], M[m + 2], M[m + 3] = A[a + 1], A[a + 2], A[a + 3]
      M[m + 4], M[m + 5] = 0, 0
    end
  end
  return n
end

-- Takes over another burst. False: the rates are others, or the debt is above.
local function fits(n)
  if rates ~= n then return false end
  for r = 0, rates - 1 do
    local m, a = 5 * r, 13 * r
    if M[m + 1] ~= A[a + 1] or M[m + 2] ~= A[a + 2] then return false end
    local w, f = debt(m)
    if less(A[a + 12], A[a + 13], w, f) then return false end
    M[m + 3] = A[a + 3]
  end
  return true
end

local function later(aw, an, bw, bn)
  if aw < 0 or bw < 0 then return aw < 0 and bw >= 0 end
  return less(bw, bn, aw, an)
end

-- The rate that makes the cost wait longest, and how long (negative: for ever);
-- nil: it is admitted.
local function refusal()
  local worst, ww, wn
  for r = 0, rates - 1 do
    local m, a = 5 * r, 13 * r
    local w, f = debt(m)
    w, f = plus(w, f, A[a + 4], A[a + 5], 1000 * M[m + 1])
    local n
    if cost > A[a + 3] then
      w, n = -1, 0
    elseif less(A[a + 12], A[a + 13], w, f) then
      w, f = minus(w, f, A[a + 12], A[a + 13], 1000 * M[m + 1])
      -- Exact: a quotient of up to 1000 and a count of up to 10^12 differs from
      -- the next whole number by more than a double's step.
      n = math.ceil(f / M[m + 1])
      if n == 1000 then w, n = w + 1, 0 end
    end
    if n and (not worst or later(w, n, ww, wn)) then worst, ww, wn = r, w, n end
  end
  return worst, ww, wn
end

-- The highest percentage that was just reached and not told within the period.
local function percent(r, bw, bf, w, f)
  local a, t = 13 * r, 3 * r
  for k = 3, 1, -1 do
    local sw, sf = A[a + 4 + 2 * k], A[a + 5 + 2 * k]
    if not less(w, f, sw, sf) and less(bw, bf, sw, sf) then
      local last = T[t + k] or -1
      if last >= 0 and now - last < A[a + 2] * 1000000 then return 0 end
      for told = 1, k do T[t + told] = now end
      return 70 + 10 * k
    end
  end
  return 0
end

-- With a warning of each rate that it lifts so far.
local function charge(place, answer)
  narrow()
  for r = 0, rates - 1 do
    local m, a = 5 * r, 13 * r
    local bw, bf = debt(m)
    local w, f = plus(bw, bf, A[a + 4], A[a + 5], 1000 * M[m + 1])
    if less(A[a + 12], A[a + 13], w, f) then w, f = A[a + 12], A[a + 13] end
    M[m + 4], M[m + 5] = now + w, f
    local reached = 0
    if answer and not less(w, f, A[a + 6], A[a + 7]) then
      reached = percent(r, bw, bf, w, f)
    end
    if reached > 0 then
      local n = #answer
      answer[n + 1], answer[n + 2], answer[n + 3] = place - 2, r, reached
    end
  end
end

-- Of what was charged, or else of what the grant pays.
local function open(units)
  -- The oldest of very many is charged for good.
  if opens >= MOST_OPEN then close(1, false) end
  local newest, record = {}, {}
  if opens > 0 then
    newest = {take('<' .. numbers(4 * rates), tail, #tail - 32 * rates + 1)}
  end
  for r = 0, rates - 1 do
    local at, w, f = 4 * r, A[13 * r + 4], A[13 * r + 5]
    if units > 0 then w, f = 0, 0 end
    local sw, sf = newest[at + 3] or 0, newest[at + 4] or 0
    if sw >= 0 then sw, sf = plus(w, f, sw, sf, 1000 * M[5 * r + 1]) end
    record[at + 1], record[at + 2], record[at + 3], record[at + 4] =
      w, f, sw, sf
  end
  tail = tail .. pack('<c8dd' .. numbers(4 * rates), id, now, units,
                      unpack(record, 1, 4 * rates))
  opens = opens + 1
end

local function reserve()
  local convert, worst, answer, converted = {2, now}, nil, {0, now}, {}
  for place = 2, #KEYS do
    local fault = ask_at[place] and load(place)
    if fault then return fault end
    if not ask_at[place] then -- usual
    elseif not fits(read_ask(ask_at[place])) then
      convert[#convert + 1], convert[#convert + 2] = place - 2, stored(place)
    else
      if replaced[place] then
        save(place)
        converted[place] = states[place]
      end
      local r, w, n = refusal()
      if not r then
        charge(place, answer)
        open(0)
        save(place)
      elseif now < expires and cost <= granted then
        granted = granted - cost
        open(cost)
        save(place)
      elseif not worst or later(w, n, worst[5], worst[6]) then
        worst = {1, place - 2, r, w < 0 and 1 or 0, w, n}
      end
    end
  end
  if #convert > 2 then return convert end
  if worst then states = converted end
  write()
  return worst or answer
end

local function commit(reserved_at)
  local convert, at = {2, now}, 1
  for place = 2, #KEYS do
    local fault = load(place)
    if fault then return fault end
    local found, n = find_open(), take('<B', asks, at)
    if found then
      close(found, false)
      save(place)
    elseif reserved_at + LAPSE <= now then
      if fits(read_ask(at)) then
        charge()
        save(place)
      else
        convert[#convert + 1], convert[#convert + 2] = place - 2, stored(place)
      end
    end
    at = at + 9 + 104 * n
  end
  if #convert > 2 then return convert end
  write()
  return {0, now}
end

local function read_replacements(at)
  for i = at, #ARGV, 3 do
    replaced[ARGV[i] + 2] = {ARGV[i + 1], ARGV[i + 2]}
  end
end

if operation == 'reserve' then
  read_replacements(5)
  return reserve()
elseif operation == 'commit' then
  asks = ARGV[5]
  read_replacements(6)
  return commit(tonumber(ARGV[4]))
end

for place = 2, #KEYS do
  local fault = load(place)
  if fault then return fault end
  if operation == 'grant' then
    granted, expires = tonumber(ARGV[3]), now + tonumber(ARGV[4])
    -- Nothing comes back to it of what an earlier one paid.
    for at = 1, #tail, 24 + 32 * rates do
      tail = sub(tail, 1, at + 15) .. pack('<d', 0) .. sub(tail, at + 24)
    end
    save(place)
  else
    local found = find_open()
    if found then
      close(found, true)
      save(place)
    end
  end
end
write()
return {0, now}
)lua";

}  // namespace postern
