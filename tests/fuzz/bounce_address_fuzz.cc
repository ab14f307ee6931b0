// Fuzzes bounce addresses: what is written leads back, and nobody's invention
// leads anywhere.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/message/address.h"
#include "policy/remedies/bounce_address.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  using namespace std::chrono_literals;
  const std::string_view input(reinterpret_cast<const char*>(octets), size);
  postern::Config config;
  config.bounce_domain = postern::Domain::Parse("b.example");
  config.sender_secrets = {"a secret that the fuzzer does not know"};
  const postern::TimePoint now{1'795'262'400s};
  (void)postern::SenderBehind(input, config, now);
  for (const char* rewrite : {"verp", "srs"}) {
    config.sender_rewrite = rewrite;
    const auto address = postern::BounceAddressFor(input, config, now);
    if (!address) continue;
    if (!postern::PathFault(*address).empty()) std::abort();
    const auto sender = postern::SenderBehind(*address, config, now);
    if (!sender) std::abort();
  }
  return 0;
}
