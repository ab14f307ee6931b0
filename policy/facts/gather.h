// Gather: the only writer of Facts.
//
// Asks DNS within the deadline; what did not answer in time is unknown. Never
// fails. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "policy/base/clock.h"
#include "policy/config/config.h"
#include "policy/facts/content_cache.h"
#include "policy/facts/dns.h"
#include "policy/facts/expander.h"
#include "policy/facts/facts.h"
#include "policy/message/message.h"
#include "policy/signing/keys.h"

namespace postern {

// Whether to find out what would mend the identity: it costs look-ups and is
// for people who wait for it, not for mail that does.
enum class Advice { kNone, kWanted };

struct GatherFrom {
  const Config& config;
  const KeyRing& keys;
  Dns& dns;
  TimePoint now;
  Deadline deadline;
  // What is known of the ways out; none: nobody asked.
  std::shared_ptr<const EgressSurvey> egress;
  // The message may still be mended: what would break a signature on the way
  // is no reason yet to foresee it unsigned.
  bool may_mend = false;
  Advice advice = Advice::kNone;
  // Whether an organizational domain is a bulk sender at a receiver. May be
  // empty.
  std::function<bool(const Domain& organization, const std::string& receiver)>
      is_bulk_sender = {};
  ContentCache* content_cache = nullptr;  // null: nothing is remembered
  // What clamd has said of the message before it was mended; none: it has not
  // been asked.
  std::optional<MalwareFact> malware = {};
  // Who is asked where short links lead, with links.expand; null: nobody.
  Expander* expander = nullptr;
  Deadline expand_until = Deadline::max();  // for all links of the message
};

// Everything: envelope, header, body, identity.
[[nodiscard]] Facts Gather(std::shared_ptr<const Message> message,
                           const GatherFrom& from);

// The envelope alone, for the corridor at RCPT.
[[nodiscard]] Facts GatherEnvelope(std::shared_ptr<const Message> message,
                                   const GatherFrom& from);

}  // namespace postern
