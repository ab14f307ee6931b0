// egress-without-tls: mail that leaves in the clear.
//
// A filter does not see how its MTA delivers: the operator says so
// (egress.<name>.starttls), and `postern doctor` compares it with Postfix's
// smtp_tls_security_level.

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     421,
     {4, 7, 29},
     "Your email has been rate limited because this message wasn't sent over a "
     "TLS connection",
     "support.google.com/a/answer/3726730"},
};

// Who asks for TLS; only Google documents its reply.
constexpr std::array<std::string_view, 4> kWantTls = {
    "google", "united-internet", "comcast", "orange"};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const EgressFact& egress : facts.egress)
    if (egress.way != nullptr && !egress.way->starttls)
      for (const std::string_view receiver : kWantTls)
        if (std::any_of(facts.recipients.begin(), facts.recipients.end(),
                        [&](const RecipientFact& recipient) {
                          return recipient.receiver == receiver;
                        }))
          verdicts.push_back(
              {Outcome::kFail, Subject::Receiver(std::string(receiver)),
               "starttls of egress " + egress.route + " is false"});
  return verdicts;
}

}  // namespace

constinit const Check kEgressWithoutTls = {
    .id = "egress-without-tls",
    .rules = "I10",
    .summary = "The mail leaves without TLS, which the receiver asks for.",
    .fix =
        "let the MTA use TLS (Postfix: smtp_tls_security_level = may), then "
        "set starttls = true",
    .cites = "support.google.com/a/answer/81126; RFC 3207",
    .level = Level::kMust,
    .action = Action::kDefer,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
