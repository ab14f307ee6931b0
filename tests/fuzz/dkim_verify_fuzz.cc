// Fuzzes the guard and libopendkim: the first line is the key record, the rest
// the message. Nothing may crash, whatever a sender wrote.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/facts/dkim.h"
#include "policy/message/message.h"

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

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(octets), size);
  const std::size_t end = input.find('\n');
  if (end == std::string_view::npos) return 0;
  postern::OneRecord dns(input.substr(0, end));
  const postern::ParsedOctets message =
      postern::ParseOctets(input.substr(end + 1));
  constexpr postern::TimePoint kNow{std::chrono::seconds(1'783'000'000)};
  for (const postern::DkimSignature& signature :
       postern::VerifySignatures(message.header, message.body,
                                 {dns, postern::Deadline::max(), kNow})) {
    // Every signature has an answer, and a reason unless it passes.
    if (signature.result == postern::DkimResult::kNone) std::abort();
    if (signature.reason.empty() !=
        (signature.result == postern::DkimResult::kPass))
      std::abort();
  }
  return 0;
}
