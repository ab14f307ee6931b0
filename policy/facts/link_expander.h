// LinkExpander: where short links lead, asked of the shorteners themselves.
//
// Only hosts that the list of link hosts calls shorteners are asked, hop by
// hop; what they lead to in the end is named, never fetched. A URL that may be
// personal (personal_link.h) is not asked. HEAD; GET where the list says so or
// HEAD is refused. A host is resolved through Dns and asked only when all its
// addresses are public and none is an egress of ours. Each question has half of
// links.expand_time at most; a host that does not answer is left alone for a
// minute. Answers are kept for links.expand_ttl, an unknown URL for five
// minutes, failures for one.
//
// Owned by the program; any thread may ask, and concurrent ones for one URL
// share the question.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "policy/base/ip_address.h"
#include "policy/base/result.h"
#include "policy/facts/expander.h"
#include "policy/facts/expansion_cache.h"
#include "policy/facts/http_head.h"
#include "policy/message/url.h"

namespace postern {

// Public addresses (public_address.h), ports 80 and 443.
[[nodiscard]] bool IsPublicWeb(const IpAddress& address, std::uint16_t port);

class LinkExpander final : public Expander {
 public:
  // Where it may connect to; tests have servers of their own.
  using MayReach = bool (*)(const IpAddress& address, std::uint16_t port);
  explicit LinkExpander(MayReach may_reach = IsPublicWeb)
      : may_reach_(may_reach) {}

  [[nodiscard]] Expansion Expand(const std::string& url,
                                 const ExpandBy& by) override;

 private:
  // What one shortener answered: an end, or the shortener to ask next.
  struct Step {
    Expansion end;
    std::optional<Url> next;
  };
  [[nodiscard]] Expansion Walk(Url url, const ExpandBy& by);
  [[nodiscard]] Step Ask(const Url& url, const ExpandBy& by);
  [[nodiscard]] Result<HeadQuestion> Question(const Url& url,
                                              const ExpandBy& by) const;
  [[nodiscard]] Result<HeadAnswer> Answer(HeadQuestion question,
                                          const ExpandBy& by);

  const MayReach may_reach_;
  ExpansionCache cache_;
};

}  // namespace postern
