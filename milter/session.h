// Session: one SMTP connection as the milter sees it.
//
// Knows the connection; what belongs to one message is its Transaction, begun
// at MAIL, moved out at the end, dropped at an abort. libmilter calls one at a
// time, on changing threads: no lock, nothing thread-local.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "milter/door.h"
#include "milter/mta.h"
#include "milter/transaction.h"
#include "policy/base/ip_address.h"
#include "policy/message/envelope.h"

namespace postern {

class Session {
 public:
  explicit Session(const Door& door) : door_(door) {}
  ~Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Nothing is answered to these.
  void OnConnect(std::string_view client_name, std::optional<IpAddress> address,
                 const Mta& mta);
  void OnHelo(std::string_view helo_name);
  void OnHeader(std::string_view name, std::string_view value);
  void OnBody(std::string_view chunk);

  // The path as the MTA gave it, then the ESMTP parameters.
  [[nodiscard]] Answer OnMail(std::vector<std::string> words, Mta& mta);
  [[nodiscard]] Answer OnRcpt(std::vector<std::string> words, Mta& mta);
  [[nodiscard]] Answer OnEndOfMessage(Mta& mta);
  void OnAbort();
  void OnClose();

  // A callback threw: the message cannot be trusted any more.
  void OnInternalError(std::string_view stage);

  [[nodiscard]] const std::string& queue_id() const {
    return submission_.queue_id;
  }

 private:
  void ReadMailMacros(bool has_brackets, const Mta& mta);
  void ReadQueueId(const Mta& mta);
  void ConfirmHolds();

  const Door& door_;
  Submission submission_{.queue_id = "NOQUEUE"};
  std::optional<Transaction> transaction_;
  std::vector<std::string> pending_holds_;  // not yet confirmed
};

}  // namespace postern
