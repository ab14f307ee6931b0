// A hostile zone against the proposal of a record. Each line of the input is a
// name's TXT; "a.example" is the first, "b.example" the second and so on. What
// is proposed must pass when it is evaluated in the zone, and must not let in
// somebody whom the published record denies.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "policy/base/text.h"
#include "policy/facts/spf.h"
#include "policy/facts/spf_proposal.h"

namespace postern {
namespace {

class Zone final : public Dns {
 public:
  explicit Zone(std::vector<std::string_view> lines)
      : lines_(std::move(lines)) {}

  DnsAnswer Ask(std::string_view name, RrType type, Deadline) override {
    if (++asked_ > 50'000) std::abort();  // the limits did not hold
    for (const SpfPublication& record : published_)
      if (record.name == name && type == RrType::kTxt)
        return {DnsStatus::kOk, {{.value = record.text}}, {}};
    const auto asked = QueryName(name);
    if (!asked || asked->size() < 1) return {DnsStatus::kNxDomain, {}, {}};
    const auto index = static_cast<std::size_t>(asked->front() - 'a');
    if (index >= lines_.size() || !asked->ends_with(".example"))
      return {DnsStatus::kNxDomain, {}, {}};
    const std::string line(lines_[index]);
    if (line == "TEMPERROR") return {};
    if (line.empty()) return {DnsStatus::kNoData, {}, {}};
    switch (type) {
      case RrType::kTxt:
        return {DnsStatus::kOk, {{.value = line}}, {}};
      case RrType::kA:
        return {DnsStatus::kOk,
                {{.value = "\xc0\x01\x02" + line.substr(0, 1)}},
                {}};
      case RrType::kAaaa:
        return {DnsStatus::kOk, {{.value = std::string(16, line.front())}}, {}};
      default:
        return {DnsStatus::kOk,
                {{.value = "b.example"}, {.value = "c.example"}},
                {}};
    }
  }
  void Publish(std::vector<SpfPublication> records) {
    published_ = std::move(records);
  }

 private:
  std::vector<std::string_view> lines_;
  std::vector<SpfPublication> published_;
  std::size_t asked_ = 0;
};

SpfResult ResultFor(SpfQuery query, const IpAddress& address, Dns& dns) {
  query.address = address;
  return EvaluateSpf(query, dns, {}).result;
}

void Prove(const SpfProposal& proposal, const std::vector<SpfQuery>& queries,
           Zone& zone) {
  if (proposal.records.empty() || proposal.ToString().empty()) std::abort();
  for (const SpfPublication& record : proposal.records)
    if (record.text.size() > 450) std::abort();
  const IpAddress stranger = *IpAddress::Parse("203.0.113.254");
  const SpfResult before = ResultFor(queries.front(), stranger, zone);
  zone.Publish(proposal.records);
  for (const SpfQuery& query : queries)
    if (EvaluateSpf(query, zone, {}).result != SpfResult::kPass) std::abort();
  const SpfResult after = ResultFor(queries.front(), stranger, zone);
  const bool was_denied =
      before == SpfResult::kFail || before == SpfResult::kSoftfail ||
      before == SpfResult::kNeutral || before == SpfResult::kNone;
  if (was_denied && after == SpfResult::kPass) std::abort();
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  using namespace postern;
  const std::string_view text(reinterpret_cast<const char*>(octets), size);
  Zone zone(Split(text, '\n'));
  std::vector<SpfQuery> queries;
  for (const char* address : {"192.1.2.3", "2001:db8::1"})
    queries.push_back({.address = *IpAddress::Parse(address),
                       .mail_from = "user@a.example",
                       .helo_name = "b.example"});
  if (const auto proposal = ProposeSpf(queries, zone, {}))
    Prove(*proposal, queries, zone);
  return 0;
}
