// header-field-duplicate: Subject, To, Cc and their like stand at most once.
//
// Date, From and Message-ID have checks of their own.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 1},
     "Messages that are not RFC 5322 compliant: duplicate headers",
     "support.google.com/a/answer/3726730"},
    {"yahoo",
     554,
     {5, 6, 0},
     "Message not allowed - Headers are not RFC compliant[291]",
     "senders.yahooinc.com/smtp-error-codes"},
    {"united-internet",
     554,
     {5, 6, 0},
     "Transaction failed: Reject due to policy restrictions",
     "postmaster.gmx.net, error code list"},
    {"selfhost",
     550,
     {5, 7, 1},
     "RFC5322 requirement error: multiple fields",
     "OpenDMARC RequiredHeaders"},
};

constexpr std::string_view kSingletons[] = {
    "Subject", "To",       "Cc",          "Bcc",
    "Sender",  "Reply-To", "In-Reply-To", "References"};

std::vector<Verdict> Run(const Facts& facts) {
  std::string detail;
  for (const std::string_view name : kSingletons) {
    const std::size_t count = facts.message->header.Count(name);
    if (count < 2) continue;
    if (!detail.empty()) detail += ", ";
    detail += std::to_string(count) + " " + std::string(name) + " fields";
  }
  if (detail.empty()) return {};
  return FailsWith(detail);
}

}  // namespace

constinit const Check kHeaderFieldDuplicate = {
    .id = "header-field-duplicate",
    .rules = "H16",
    .summary = "A field that may stand once stands more often.",
    .fix =
        "the program that writes the message must write the field once; nobody "
        "can say which one is meant",
    .cites = "RFC 5322 s.3.6",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
