// spf-too-permissive: an SPF record that lets half the Internet send.
//
// It passes, and proves nothing: "+all", or networks larger than an IPv4 /8 or
// an IPv6 /16.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 24},
     "The SPF record of the sending domain has one or more suspicious entries",
     "support.google.com/a/answer/3726730"},
    {"google",
     451,
     {4, 7, 24},
     "The SPF record of the sending domain has one or more suspicious entries",
     "support.google.com/a/answer/3726730"},
};

// The record is the same at each address.
std::vector<Verdict> Run(const Facts& facts) {
  for (const SpfFact& spf : facts.spf)
    if (!spf.permissive_term.empty())
      return {{Outcome::kFail, Subject::Message(),
               "SPF of " + spf.domain +
                   " lets nearly everybody send: " + spf.permissive_term,
               "list the networks that send for " + spf.domain +
                   " in its record and end it with -all or ~all"}};
  return {};
}

}  // namespace

constinit const Check kSpfTooPermissive = {
    .id = "spf-too-permissive",
    .rules = "S06",
    .summary =
        "The SPF record of the envelope sender lets nearly everybody send.",
    .fix =
        "list the networks that send in the domain's SPF record and end it "
        "with -all or ~all",
    .cites = "RFC 7208 s.8.3; support.google.com/a/answer/3726730",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
