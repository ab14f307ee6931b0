// Fuzzes the validation of ARC chains and the reading of what trusted servers
// wrote: the first line is the key record, the rest the message. Whatever a
// chain says, it has an answer, and a reason unless it passes.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "policy/message/message.h"
#include "policy/signing/arc.h"
#include "policy/signing/arc_results.h"

namespace postern {
namespace {

// Answers every question with the one record.
class OneRecord final : public Dns {
 public:
  explicit OneRecord(std::string_view record) : record_(record) {}
  [[nodiscard]] DnsAnswer Ask(std::string_view /*name*/, RrType /*type*/,
                              Deadline /*deadline*/) override {
    return {DnsStatus::kOk, {{0, record_}}, std::chrono::seconds(1)};
  }

 private:
  const std::string record_;
};

void Fuzz(std::string_view record, std::string_view octets) {
  OneRecord dns(record);
  const ParsedOctets message = ParseOctets(octets);
  const ArcChain chain =
      ValidateChain(message.header, message.body, dns, Deadline::max(),
                    TimePoint(std::chrono::seconds(1'795'290'840)));
  const bool is_good =
      chain.result == ArcResult::kPass || chain.result == ArcResult::kNone;
  if (chain.reason.empty() != is_good) std::abort();
  if (chain.highest < 0 || chain.highest > kMaxArcSets) std::abort();
  const std::vector<std::string> ids = {"mx.example"};
  const TrustedResults trusted = ReadTrustedResults(message.header, ids);
  if (trusted.entries.size() > 20) std::abort();
  for (const std::string& entry : trusted.entries)
    if (entry.find_first_of("\r\n;()") != std::string::npos &&
        entry.find('"') == std::string::npos)
      std::abort();
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(octets), size);
  const std::size_t end = input.find('\n');
  if (end == std::string_view::npos) return 0;
  postern::Fuzz(input.substr(0, end), input.substr(end + 1));
  return 0;
}
