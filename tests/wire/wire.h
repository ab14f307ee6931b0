// What the wire tests share: a zone, a message, the small steps of a session.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/support/fake_dns_server.h"
#include "tests/support/milter_client.h"
#include "tests/support/running_postern.h"

namespace postern {

// example.com may send from 192.0.2.25 and has no key; example.net takes mail,
// null.example does not.
inline constexpr std::string_view kZone = R"(
example.com. MX 10 mx.example.com.
example.com. TXT "v=spf1 ip4:192.0.2.25 -all"
_dmarc.example.com. TXT "v=DMARC1; p=reject"
mx.example.com. A 192.0.2.25
25.2.0.192.in-addr.arpa. PTR mx.example.com.
example.net. MX 10 mx.example.net.
mx.example.net. A 192.0.2.80
null.example. MX 0 .
)";

// Enforces, asks that server and nobody else.
inline WireConfig Enforcing(const FakeDnsServer& dns, std::string options = "",
                            std::string tables = "") {
  return {.options = "mode = \"enforce\"\ndns.servers = [\"" + dns.address() +
                     "\"]\n" + std::move(options),
          .tables = R"(
[egress.main]
addresses = ["192.0.2.25"]
helo_name = "mx.example.com"
)" + std::move(tables)};
}

inline MilterMessage CleanMessage() {
  MilterMessage message;
  message.headers = {
      {"From", " Alice <a@example.com>"},
      {"To", " b@example.net"},
      {"Subject", " hello"},
      {"Date", " Sat, 21 Nov 2026 12:00:00 +0000"},
      {"Message-ID", " <1@example.com>"},
  };
  message.body = "Hello\r\n";
  return message;
}

inline MilterMessage To(const std::string& address) {
  MilterMessage message = CleanMessage();
  message.recipients = {{"<" + address + ">", {}}};
  return message;
}

inline MilterClient Dial(const RunningPostern& postern,
                         const MilterSession& session = {}) {
  // Judgements are held up on purpose in some tests.
  Result<MilterClient> client =
      MilterClient::Open(postern.socket(), session, std::chrono::seconds(60));
  EXPECT_TRUE(client) << client.error().message;
  return std::move(*client);
}

// Everything up to the last octet; the end of message is still to be said.
inline void SayAllButTheEnd(MilterClient& client,
                            const MilterMessage& message) {
  EXPECT_TRUE(client.Mail(message).goes_on());
  for (std::size_t i = 0; i < message.recipients.size(); ++i)
    EXPECT_TRUE(client.Rcpt(message, i).goes_on());
  EXPECT_TRUE(client.Data(message).goes_on());
  for (const MilterField& field : message.headers)
    EXPECT_TRUE(client.Header(field).goes_on());
  EXPECT_TRUE(client.Eoh(message).goes_on());
  EXPECT_TRUE(client.Body(message.body).goes_on());
}

inline void ExpectAccepted(const MilterOutcome& outcome) {
  EXPECT_EQ(outcome.verdict, MilterVerdict::kContinue) << outcome.text;
  EXPECT_EQ(outcome.stage, "eom");
  EXPECT_EQ(outcome.failure, "");
}

}  // namespace postern
