// bcc-present: hidden recipients for everybody to read.
//
// An empty Bcc is header-field-empty, several are header-field-duplicate.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  std::size_t count = 0;
  for (const AddressField& field : facts.header.addresses)
    if (EqualsIgnoreCase(field.name, "Bcc"))
      count += field.list.mailboxes.size();
  if (count == 0) return {};
  return FailsWith("Bcc with " + std::to_string(count) + " addresses");
}

}  // namespace

constinit const Check kBccPresent = {
    .id = "bcc-present",
    .rules = "H33",
    .summary = "A Bcc field with addresses would leave the system.",
    .fix =
        "let the program keep Bcc out of what it sends; mode mend removes it "
        "unless others signed it",
    .cites = "RFC 5322 s.3.6.3",
    .level = Level::kNotice,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .run = Run,
};

}  // namespace postern
