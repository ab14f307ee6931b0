// address-syntax: an address field that receivers with strict parsers refuse.
//
// From is the business of from-without-address.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 0, 0},
     "header syntax",
     "Exim 4.96 default configuration"},
};

std::vector<Verdict> Run(const Facts& facts) {
  for (const char* name : {"To", "Cc", "Reply-To", "Sender"}) {
    for (const HeaderField* field : facts.message->header.FindAll(name)) {
      const AddressList list = ParseAddressList(field->value);
      if (!list.error.empty())
        return FailsWith(std::string(name) + ": " + list.error);
    }
  }
  return {};
}

}  // namespace

constinit const Check kAddressSyntax = {
    .id = "address-syntax",
    .rules = "H19",
    .summary = "An address field does not follow RFC 5322.",
    .fix =
        "quote names with commas or dots, put commas between addresses; mode "
        "mend does where it is plain",
    .cites = "RFC 5322 s.3.4",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
