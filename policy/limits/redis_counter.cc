#include "policy/limits/redis_counter.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "policy/base/hexadecimal.h"
#include "policy/base/sha256.h"

namespace postern {
namespace {

constexpr std::string_view kMagic = "PL2";
constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr Ticks kMostDrainUs = Ticks{100} * 366 * 86'400 * 1'000'000;
constexpr std::int64_t kMostCost = std::int64_t{1} << 52;
constexpr std::size_t kIdBytes = 8;
constexpr double kUnknown = -1;
constexpr std::size_t kMaxPlainKeyBytes = 128;

// An amount of time as the script holds it.
struct Span {
  double us = 0;
  double ticks = 0;
};
Span ToSpan(Ticks ticks, std::int64_t count) {
  const std::int64_t per_us = 1000 * count;
  // To divide 128 bits takes ten times as long.
  if (ticks <= std::numeric_limits<std::int64_t>::max()) {
    const auto small = static_cast<std::int64_t>(ticks);
    return {static_cast<double>(small / per_us),
            static_cast<double>(small % per_us)};
  }
  return {static_cast<double>(static_cast<std::int64_t>(ticks / per_us)),
          static_cast<double>(static_cast<std::int64_t>(ticks % per_us))};
}

void PutBits(std::string* out, std::uint64_t value, std::size_t bytes) {
  std::array<char, 8> octets{};
  for (std::size_t i = 0; i < bytes; ++i)
    octets[i] = static_cast<char>(value >> (8 * i) & 0xff);
  out->append(octets.data(), bytes);
}
void Put(std::string* out, double value) {
  PutBits(out, std::bit_cast<std::uint64_t>(value), 8);
}
void Put(std::string* out, const Span& span) {
  Put(out, span.us);
  Put(out, span.ticks);
}

// Reads what Put wrote; whoever asks has made sure that there is enough.
class Source {
 public:
  explicit Source(std::string_view text) : text_(text) {}
  std::string_view Take(std::size_t bytes) {
    const std::string_view taken = text_.substr(0, bytes);
    text_.remove_prefix(bytes);
    return taken;
  }
  std::uint64_t TakeBits(std::size_t bytes) {
    std::uint64_t bits = 0;
    int shift = 0;
    for (const char c : Take(bytes)) {
      bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(c))
              << shift;
      shift += 8;
    }
    return bits;
  }
  // Nothing that the script writes is beyond its bounds.
  std::int64_t TakeNumber() {
    const auto value = std::bit_cast<double>(TakeBits(8));
    constexpr double kMost = 9007199254740992.0;  // 2^53
    if (!(value > -kMost && value < kMost)) return 0;
    return static_cast<std::int64_t>(value);
  }
  Ticks TakeTicks(std::int64_t count) {
    const Ticks us = TakeNumber();
    return us * 1000 * count + TakeNumber();
  }

 private:
  std::string_view text_;
};

// How a state begins.
struct Head {
  std::size_t rates = 0;
  bool has_more = false;
  std::size_t open = 0;
};
constexpr std::size_t kHeadBytes = kMagic.size() + 14;
std::size_t SizeOf(const Head& head) {
  return kHeadBytes + head.rates * 40 +
         (head.has_more ? 16 + head.rates * 24 : 0) +
         head.open * (24 + head.rates * 32);
}

double Distance(const RateTerms& a, const RateTerms& b) {
  return std::abs(std::log(static_cast<double>(a.period_ns)) -
                  std::log(static_cast<double>(b.period_ns)));
}

// Between equals, the one at the same place.
std::size_t NearestMeter(const std::vector<RedisMeter>& meters,
                         const RateTerms& terms, std::size_t place) {
  std::size_t nearest = std::min(place, meters.size() - 1);
  for (std::size_t i = 0; i < meters.size(); ++i)
    if (Distance(meters[i].terms, terms) <
        Distance(meters[nearest].terms, terms))
      nearest = i;
  return nearest;
}

// The same share of a unit, rounded down, because it is given back.
Ticks Scale(Ticks ticks, const RateTerms& from, const RateTerms& to) {
  const Ticks units = ticks / from.period_ns;
  const Ticks rest = ticks % from.period_ns;
  return units * to.period_ns + rest * to.period_ns / from.period_ns;
}

RedisMeter TakeMeter(Source* source) {
  RedisMeter meter;
  meter.terms.count = std::max<std::int64_t>(source->TakeNumber(), 1);
  meter.terms.period_ns =
      std::clamp<std::int64_t>(source->TakeNumber(), 1, 4'000'000'000) *
      kNsPerSecond;
  meter.terms.burst = source->TakeNumber();
  meter.drained_at = source->TakeTicks(meter.terms.count);
  return meter;
}

}  // namespace

RateTerms RedisTermsOf(const LimitRate& rate) {
  const RateTerms terms = TermsOf(rate);
  const bool fits =
      terms.burst > 0 && FullDebt(terms) / terms.count / 1000 <= kMostDrainUs;
  return fits ? terms
              : RateTerms{.count = 1, .period_ns = kNsPerSecond, .burst = 0};
}

std::optional<RedisCounter> DecodeCounter(std::string_view state) {
  if (state.size() < kHeadBytes || !state.starts_with(kMagic))
    return std::nullopt;
  Source source(state.substr(kMagic.size()));
  Head head;
  head.rates = static_cast<std::size_t>(source.TakeBits(1));
  head.has_more = source.TakeBits(1) != 0;
  head.open = static_cast<std::size_t>(source.TakeBits(4));
  if (state.size() != SizeOf(head)) return std::nullopt;
  source.Take(8);  // until when it is kept
  RedisCounter counter;
  for (std::size_t i = 0; i < head.rates; ++i)
    counter.meters.push_back(TakeMeter(&source));
  if (head.has_more) {
    counter.granted = source.TakeNumber();
    counter.grant_expires_us = source.TakeNumber();
    for (RedisMeter& meter : counter.meters)
      for (std::int64_t& told : meter.told_us) told = source.TakeNumber();
  }
  for (std::size_t i = 0; i < head.open; ++i) {
    RedisOpenCharge charge{.id = std::string(source.Take(kIdBytes))};
    charge.at_us = source.TakeNumber();
    charge.from_grant = source.TakeNumber();
    for (const RedisMeter& meter : counter.meters) {
      charge.returnable.push_back(source.TakeTicks(meter.terms.count));
      source.Take(16);  // what it and the older ones give back
    }
    counter.open.push_back(std::move(charge));
  }
  return counter;
}

std::string EncodeCounter(const RedisCounter& counter) {
  std::string state(kMagic);
  PutBits(&state, counter.meters.size(), 1);
  PutBits(&state, 1, 1);
  PutBits(&state, counter.open.size(), 4);
  Put(&state, 0);  // the script says until when it is kept
  for (const RedisMeter& meter : counter.meters) {
    Put(&state, static_cast<double>(meter.terms.count));
    Put(&state, static_cast<double>(meter.terms.period_ns / kNsPerSecond));
    Put(&state, static_cast<double>(meter.terms.burst));
    Put(&state, ToSpan(meter.drained_at, meter.terms.count));
  }
  Put(&state, static_cast<double>(counter.granted));
  Put(&state, static_cast<double>(counter.grant_expires_us));
  for (const RedisMeter& meter : counter.meters)
    for (const std::int64_t told : meter.told_us)
      Put(&state, static_cast<double>(told));
  for (const RedisOpenCharge& charge : counter.open) {
    state += charge.id;
    Put(&state, static_cast<double>(charge.at_us));
    Put(&state, static_cast<double>(charge.from_grant));
    for (std::size_t i = 0; i < counter.meters.size(); ++i) {
      Put(&state, ToSpan(charge.returnable[i], counter.meters[i].terms.count));
      Put(&state, Span{kUnknown, 0});
    }
  }
  return state;
}

RedisCounter Converted(const RedisCounter& counter,
                       std::span<const RateTerms> terms, std::int64_t now_us) {
  RedisCounter converted;
  converted.granted = counter.granted;
  converted.grant_expires_us = counter.grant_expires_us;
  const std::vector<RedisMeter>& meters = counter.meters;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    RedisMeter& meter = converted.meters.emplace_back();
    meter.terms = terms[i];
    if (meters.empty()) continue;
    const RedisMeter& source = meters[NearestMeter(meters, terms[i], i)];
    meter.drained_at = Convert({.drained_at = source.drained_at,
                                .count = source.terms.count,
                                .period_ns = source.terms.period_ns},
                               terms[i], now_us * 1000)
                           .drained_at;
  }
  for (const RedisOpenCharge& charge : counter.open) {
    RedisOpenCharge& open = converted.open.emplace_back(charge);
    open.returnable.assign(terms.size(), 0);
    for (std::size_t i = 0; i < terms.size() && !meters.empty(); ++i) {
      const std::size_t source = NearestMeter(meters, terms[i], i);
      open.returnable[i] =
          Scale(charge.returnable[source], meters[source].terms, terms[i]);
    }
  }
  return converted;
}

std::string EncodeAsk(std::span<const RateTerms> terms, std::int64_t cost) {
  std::string ask;
  ask.reserve(9 + 104 * terms.size());
  PutBits(&ask, terms.size(), 1);
  for (const RateTerms& rate : terms) {
    const Ticks full = FullDebt(rate);
    const Ticks units = std::clamp<std::int64_t>(cost, 0, rate.burst);
    Put(&ask, static_cast<double>(rate.count));
    Put(&ask, static_cast<double>(rate.period_ns / kNsPerSecond));
    Put(&ask, static_cast<double>(rate.burst));
    Put(&ask, ToSpan(units * rate.period_ns, rate.count));
    for (const int percent : {80, 90, 100}) {
      const Ticks reached = (rate.burst * Ticks{percent} + 99) / 100;
      Put(&ask, ToSpan((reached - 1) * rate.period_ns + 1, rate.count));
    }
    Put(&ask, ToSpan(full, rate.count));
  }
  Put(&ask, static_cast<double>(std::clamp<std::int64_t>(cost, 0, kMostCost)));
  return ask;
}

std::string RedisKeyPrefix(std::string_view deployment) {
  return "postern:{" + std::string(deployment) + "}:";
}

std::string RedisKeyOf(std::string_view deployment, std::string_view rule,
                       std::string_view key) {
  std::string name = RedisKeyPrefix(deployment) + "limit:" + std::string(rule);
  const bool is_plain =
      key.size() <= kMaxPlainKeyBytes && std::ranges::none_of(key, [](char c) {
        return static_cast<unsigned char>(c) < ' ';
      });
  name += is_plain ? ":" : "#";
  name += is_plain ? std::string(key) : ToHexadecimal(Sha256Of(key));
  return name;
}

std::optional<RedisKeyParts> SplitRedisKey(std::string_view deployment,
                                           std::string_view name) {
  const std::string prefix = RedisKeyPrefix(deployment) + "limit:";
  if (!name.starts_with(prefix)) return std::nullopt;
  name.remove_prefix(prefix.size());
  const std::size_t mark = name.find_first_of(":#");
  if (mark == name.npos) return std::nullopt;
  const std::string_view key = name.substr(mark + 1);
  return RedisKeyParts{
      std::string(name.substr(0, mark)),
      name[mark] == ':' ? std::string(key) : "sha256:" + std::string(key)};
}

}  // namespace postern
