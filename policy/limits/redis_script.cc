#include "policy/limits/redis_script.h"

namespace postern {
namespace {

// A counter is "PL2", how many rates, whether there is more, how many open
// charges, and until when it is kept; for each rate count, period in s, burst,
// drained at us, ticks; if there is more, granted units and when they expire,
// and for each rate when 80, 90 and 100 % were told; then the open charges, the
// oldest first: id, at us, units of a grant, and for each rate what it gives
// back in us, ticks, and what it and all older ones do at most (-1: unknown).
//
// A string costs Redis by its length and a call in it as much as all arithmetic
// for a rate: hence one MGET, one ask for all, and no field without need.
constexpr std::string_view kUsual = R"lua(
local call, pack, take, sub = redis.call, struct.pack, struct.unpack, string.sub
local LAPSE, MARGIN, MOST_OPEN, CHUNK = 600000000, 300000000, 4096, 1000
local operation, id = ARGV[1], ARGV[3]

local raws = {}
for from = 1, #KEYS, CHUNK do
  local to = math.min(from + CHUNK - 1, #KEYS)
  local some = call('MGET', unpack(KEYS, from, to))
  for i = 1, #some do raws[from + i - 1] = some[i] end
end
-- To MGET what is no string is not there; GET refuses it.
local function stored(place)
  return raws[place] or call('GET', KEYS[place])
end

-- The server's time, made to never step back by more than a second.
local function read_clock(given)
  local wall = given
  if given == 0 then
    local time = call('TIME')
    wall = time[1] * 1000000 + time[2]
  end
  local last, ahead = wall - 1000000, 0
  local seen = stored(1)
  if seen and #seen == 16 then last, ahead = take('<dd', seen) end
  if wall < last then ahead = ahead + last - wall end
  if wall < last or wall >= last + 1000000 or given ~= 0 then
    call('SET', KEYS[1], pack('<dd', wall, ahead))
  end
  return wall + ahead
end
local now = read_clock(tonumber(ARGV[2]))

-- What is to be written, and for how many ms where that has to be said anew:
-- to say it takes as long as the rest of SET.
local states, times = {}, {}
local function write()
  for place = 2, #KEYS do
    local state, time = states[place], times[place]
    if state and time then
      call('SET', KEYS[place], state, 'PX', time)
    elseif state then
      call('SET', KEYS[place], state, 'KEEPTTL')
    end
  end
end

-- The usual counters at once, without a table or a call for each: those of one
-- rate, of which less than 80 % will be used, and with no open charge that must
-- be narrowed (one that lapses may do so later: it frees what is free anyway).
-- The rules are those below; what is not usual waits.
local asks, ask_at, waiting = nil, {}, 0
if operation == 'reserve' then
  asks = ARGV[4]
  local at, replaces = 1, #ARGV > 4
  for place = 2, #KEYS do
    local n, c, p, b, cw, cf, w80 = take('<Bdddddd', asks, at)
    local raw, w, f, o, is_usual = raws[place], 0, 0, 0, false
    local magic, r, extra, kept, mc, mp, _
    if raw and #raw >= 57 and n == 1 and not replaces then
      magic, r, extra, o, kept, mc, mp, _, w, f = take('<c3BBI4dddddd', raw)
      is_usual = magic == 'PL2' and r == 1 and extra == 0 and mc == c and
                 mp == p and #raw == 57 + 56 * o
      w = w - now
      if w < 0 then w, f = 0, 0 end
    end
    local tw, tf = cw, cf  -- what the open charges give back together
    if is_usual and o > 0 then
      local sw, sf = take('<dd', raw, #raw - 15)
      is_usual = o < MOST_OPEN and sw >= 0 and
                 (sw < w or (sw == w and sf <= f))
      tw, tf = sw + cw, sf + cf
      if tf >= 1000 * c then tw, tf = tw + 1, tf - 1000 * c end
    end
    w, f = w + cw, f + cf
    if f >= 1000 * c then w, f = w + 1, f - 1000 * c end
    if is_usual and w < w80 then
      w = w + now
      local till = now + LAPSE
      if w >= till then till = w + 1 end
      if till > kept then
        kept = till + MARGIN
        times[place] = math.ceil((kept - now) / 1000)
      end
      if o == 0 then
        states[place] =
          pack('<c3BBI4ddddddc8dddddd', 'PL2', 1, 0, 1, kept, c, p, b, w, f,
               id, now, 0, cw, cf, cw, cf)
      else
        states[place] =
          pack('<c3BBI4dddddd', 'PL2', 1, 0, o + 1, kept, c, p, b, w, f) ..
          sub(raw, 58) .. pack('<c8dddddd', id, now, 0, cw, cf, tw, tf)
      end
    else
      waiting = waiting + 1
      ask_at[place] = at
    end
    at = at + 9 + 104 * n
  end
  if waiting == 0 then
    write()
    return {0, now}
  end
end
)lua";

}  // namespace

const std::string& RedisScript() {
  static const std::string script =
      std::string(kUsual) + std::string(kRedisScriptRules);
  return script;
}

}  // namespace postern
