// header-field-empty: To, Cc, Bcc, Sender or Reply-To with nothing in it.
//
// Comments do not count. An empty Bcc is legal (RFC 5322 s.3.6.3) and refused
// all the same.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"united-internet",
     554,
     {5, 6, 0},
     "Transaction failed: Reject due to policy restrictions (c=r0735)",
     "postmaster.gmx.net, error code list"},
};

constexpr std::string_view kAddressFields[] = {"To", "Cc", "Bcc", "Sender",
                                               "Reply-To"};

std::vector<Verdict> Run(const Facts& facts) {
  std::string detail;
  for (const std::string_view name : kAddressFields) {
    for (const HeaderField* field : facts.message->header.FindAll(name)) {
      if (!ParseAddressList(field->value).is_empty) continue;
      if (!detail.empty()) detail += ", ";
      detail += "empty " + std::string(name);
    }
  }
  if (detail.empty()) return {};
  return FailsWith(detail);
}

}  // namespace

constinit const Check kHeaderFieldEmpty = {
    .id = "header-field-empty",
    .rules = "H17",
    .summary = "An address field is present but empty.",
    .fix =
        "leave the field out where nobody is to be named; mode mend deletes it "
        "unless others signed it",
    .cites = "RFC 5322 s.3.6.3",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
