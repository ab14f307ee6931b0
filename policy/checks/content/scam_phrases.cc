// scam-phrases: extortion or advance fee, as a hijacked account sends it.
//
// Two phrases of extortion with the address of a wallet, three without; three
// of advance fee. One alone stands in honest mail.

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"yahoo",
     554,
     {5, 7, 9},
     "Message not allowed - [PH01]",
     "senders.yahooinc.com/smtp-error-codes"},
    {"google",
     550,
     {5, 7, 1},
     "likely unsolicited mail",
     "support.google.com/a/answer/3726730"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const ContentFact& content = facts.content;
  const std::size_t extortion = content.CountOf(PhraseClass::kExtortion);
  const std::size_t advance_fee = content.CountOf(PhraseClass::kAdvanceFee);
  const bool has_wallet = content.CountOf(PhraseClass::kWallet) > 0;
  if (extortion >= (has_wallet ? 2U : 3U))
    return FailsWith("extortion: " + std::to_string(extortion) + " phrases" +
                     (has_wallet ? " and a wallet" : ""));
  if (advance_fee >= 3U)
    return FailsWith("advance fee: " + std::to_string(advance_fee) +
                     " phrases");
  if (content.is_undecided)
    return UnknownFor("not all of the text was searched");
  return {};
}

}  // namespace

constinit const Check kScamPhrases = {
    .id = "scam-phrases",
    .rules = "C06",
    .summary = "The text reads like extortion or an advance-fee fraud.",
    .fix =
        "make sure that the login is not stolen; if the text is honest, put it "
        "in other words",
    .cites = "Yahoo PH01; Gmail 550-5.7.1",
    .level = Level::kShould,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
