// The script that counts in Redis: every operation on counters is one call of
// it, atomic over all keys of a message.
//
// Lua's numbers are doubles, so no number in it reaches 2^53: a time is whole
// microseconds since the epoch (below 2^53 until 2255), and an amount of time
// is whole microseconds and the rest in ticks of 1/count ns (below 1000 * count
// <= 10^15). It adds, compares and carries; what must be multiplied or divided
// (a cost, a burst, other rates) is computed by redis_counter.h in 128 bits.
//
// KEYS: the deployment's clock, then one counter each.
// ARGV: operation, now (0: the server's clock), and
//   reserve  id, asks, for each converted counter: its place, expected,
//            replacement
//   commit   id, when it was reserved (0: charge in any case), the same
//   cancel   id
//   grant    units, for how many microseconds
// A replacement takes the place of a counter that is as expected: the counter
// under new rates. Answers of reserve and commit begin with
//   0: done, now, {counter, rate, percent} of each warning
//   1: refused, counter, rate, 1 for never, the wait in us and ns
//   2: to be converted first, now, {counter, state} of each
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace postern {

[[nodiscard]] const std::string& RedisScript();

extern const std::string_view kRedisScriptRules;  // its second part

}  // namespace postern
