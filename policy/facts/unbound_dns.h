// UnboundDns: the one resolver of the daemon, on libunbound. Its .cc is the
// only file that includes unbound.h.
//
// Owned by the program; any thread may ask. libunbound works in a thread of its
// own, one thread more ("pump") takes its answers into the cache. A question
// outlives the deadline of who asked it and still fills the cache. SERVFAIL,
// bogus and a failure of the library read as kTempError. Nobody may be asking
// when it is destroyed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "policy/base/result.h"
#include "policy/config/config.h"
#include "policy/facts/dns.h"

namespace postern {

class UnboundDns final : public Dns {
 public:
  [[nodiscard]] static Result<std::unique_ptr<UnboundDns>> Make(
      const DnsConfig& config);
  ~UnboundDns() override;

  [[nodiscard]] DnsAnswer Ask(std::string_view name, RrType type,
                              Deadline deadline) override;
  void Prefetch(std::string_view name, RrType type) override;

 private:
  class Library;
  explicit UnboundDns(std::unique_ptr<Library> library);

  std::unique_ptr<Library> library_;
};

}  // namespace postern
