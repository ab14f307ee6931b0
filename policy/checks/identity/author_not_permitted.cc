// author-not-permitted: whoever handed the message in may not use the address
// in its From or Sender field, by the operator's own rules.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any", 550, {5, 7, 1}, "", "RFC 6409 s.6.1"},  // ours
    {"netease",
     554,
     {5, 7, 1},
     "DT:SUM envelope sender and header From differ",
     "help.163.com, reply codes"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const SenderPermission& permission = facts.sender_permission;
  switch (permission.author) {
    case Permission::kNoRule:
    case Permission::kPermitted:
      return {};
    case Permission::kUnknown:
      return UnknownFor(permission.who + ": " + permission.author_address);
    case Permission::kForbidden:
      return FailsWith(permission.who + " may not use the address in " +
                       permission.author_address);
  }
  return {};
}

}  // namespace

constinit const Check kAuthorNotPermitted = {
    .id = "author-not-permitted",
    .rules = "S25",
    .summary = "The login, user or client may not write as this author.",
    .fix =
        "operator: allow it in senders.rules or senders.map, or set "
        "senders.rewrite; author: use your address",
    .cites = "RFC 6409 s.6.1; RFC 5322 s.3.6.2",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
