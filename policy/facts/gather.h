// Gather: the only writer of Facts.
//
// Asks DNS within the deadline; what did not answer in time is unknown. Never
// fails. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "policy/base/clock.h"
#include "policy/config/config.h"
#include "policy/facts/dns.h"
#include "policy/facts/facts.h"
#include "policy/facts/html_cache.h"
#include "policy/message/message.h"
#include "policy/signing/keys.h"

namespace postern {

struct GatherFrom {
  const Config& config;
  const KeyRing& keys;
  Dns& dns;
  TimePoint now;
  Deadline deadline;
  HtmlCache* html_cache = nullptr;  // null: nothing is remembered
};

// Everything: envelope, header, body, identity.
[[nodiscard]] Facts Gather(std::shared_ptr<const Message> message,
                           const GatherFrom& from);

// The envelope alone, for the corridor at RCPT.
[[nodiscard]] Facts GatherEnvelope(std::shared_ptr<const Message> message,
                                   const GatherFrom& from);

}  // namespace postern
