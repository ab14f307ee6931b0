#include "policy/limits/counter_row.h"

#include "policy/base/sha256.h"

namespace postern {
namespace {

constexpr std::size_t kMaxPlainKeyBytes = 128;

}  // namespace

std::string CounterName(std::string_view rule, std::string_view key) {
  std::string name(rule);
  name += '\0';
  // The letter keeps a short key from passing for the digest of a long one.
  const bool is_plain = key.size() <= kMaxPlainKeyBytes;
  name += is_plain ? 'k' : 'h';
  name += is_plain ? std::string(key) : Sha256Of(key);
  return name;
}

std::vector<MeterRow> ToRows(const std::vector<Meter>& meters) {
  std::vector<MeterRow> rows;
  for (const Meter& meter : meters)
    rows.push_back({meter.count, meter.period_ns, DrainedAtNs(meter)});
  return rows;
}

std::vector<Meter> ToMeters(const std::vector<MeterRow>& rows) {
  std::vector<Meter> meters;
  for (const MeterRow& row : rows) {
    // A row that no version of ours could have written must not divide by zero.
    if (row.count <= 0 || row.period_ns <= 0) continue;
    meters.push_back(
        {.drained_at = static_cast<Ticks>(row.drained_at_ns) * row.count,
         .count = row.count,
         .period_ns = row.period_ns});
  }
  return meters;
}

}  // namespace postern
