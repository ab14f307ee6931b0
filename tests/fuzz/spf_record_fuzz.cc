// A hostile domain against the whole check: records, macros, libspf2 and the
// explanation. Each line of the input is a TXT; the last is the sender.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "policy/base/text.h"
#include "policy/facts/spf.h"

namespace postern {
namespace {

// Whatever is asked, the hostile domain answers with the next of its records.
class HostileDns final : public Dns {
 public:
  explicit HostileDns(std::vector<std::string_view> lines)
      : lines_(std::move(lines)) {}

  DnsAnswer Ask(std::string_view name, RrType type, Deadline) override {
    // The record; ten terms with ten hosts each; the client's names (RFC 7208
    // s.4.6.4); the explanation.
    if (++asked_ > 1 + 10 * 11 + 11 + 1) std::abort();
    if (!QueryName(name)) return {DnsStatus::kNxDomain, {}, {}};
    const std::string line(lines_[asked_ % lines_.size()]);
    if (line == "TEMPERROR") return {};
    if (line.empty()) return {DnsStatus::kNoData, {}, {}};
    switch (type) {
      case RrType::kTxt:
        return {DnsStatus::kOk, {{.value = line}}, {}};
      case RrType::kA:
        return {DnsStatus::kOk, {{.value = "\xc0\x01\x02\x03"}}, {}};
      case RrType::kAaaa:
        return {DnsStatus::kOk, {{.value = std::string(16, 'x')}}, {}};
      default:
        return {DnsStatus::kOk, {{.value = line}, {.value = "a.example"}}, {}};
    }
  }

 private:
  std::vector<std::string_view> lines_;
  std::size_t asked_ = static_cast<std::size_t>(-1);
};

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  using namespace postern;
  const std::string_view text(reinterpret_cast<const char*>(octets), size);
  const std::vector<std::string_view> lines = Split(text, '\n');
  for (const char* address : {"192.1.2.3", "2001:db8::1"}) {
    HostileDns dns(lines);
    const SpfQuery query{.address = *IpAddress::Parse(address),
                         .mail_from = std::string(lines.back()) + "@a.example",
                         .helo_name = std::string(lines.back())};
    const SpfAnswer answer = EvaluateSpf(query, dns, {});
    if (answer.lookups > 10 || answer.reason.empty()) std::abort();
  }
  return 0;
}
