// list-id-missing: a mailing that does not say which list it is.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.is_bulk || facts.message->header.Find("List-Id") != nullptr)
    return {};
  return FailsWith("no List-Id field");
}

}  // namespace

constinit const Check kListIdMissing = {
    .id = "list-id-missing",
    .rules = "B05",
    .summary = "A mailing that does not say which list it is.",
    .fix =
        "write List-Id: Name <list.DOMAIN>, the same in every issue, or set "
        "streams.NAME.headers.list_id",
    .cites = "RFC 2919 s.3",
    .level = Level::kNotice,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .run = Run,
};

}  // namespace postern
