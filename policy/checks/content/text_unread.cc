// text-unread: text, links or markup beyond what is read of one message.
//
// What stands there may be anything: what the other checks do not find in the
// rest is not known. A message of such a length is rare, and padding is the
// usual reason; that a long file is attached as text is none.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::string Named(const Facts& facts, std::size_t part) {
  const std::size_t parts = facts.mime.parts.size();
  std::string name = EscapeForLog(facts.mime.parts[part].type, 60);
  if (parts > 1)
    name +=
        ", part " + std::to_string(part + 1) + " of " + std::to_string(parts);
  return name;
}

std::vector<Verdict> Run(const Facts& facts) {
  std::string unknown;
  for (std::size_t i = 0; i < facts.mime.parts.size(); ++i) {
    if (IsReadWhole(facts, i)) continue;
    std::string detail = "not read to its end: " + Named(facts, i);
    const MimePart& part = facts.mime.parts[i];
    if (!part.is_attachment || part.type == "text/html")
      return FailsWith(std::move(detail));
    if (unknown.empty()) unknown = std::move(detail);
  }
  if (facts.mime.is_over_limit) unknown = "more structure than can be read";
  if (unknown.empty() && facts.content.is_undecided)
    unknown = "not searched to its end for phrases";
  return unknown.empty() ? std::vector<Verdict>() : UnknownFor(unknown);
}

}  // namespace

constinit const Check kTextUnread = {
    .id = "text-unread",
    .rules = "C02",
    .summary = "The message has more text than is read.",
    .fix =
        "shorten the text, or attach it as a file; if nobody wrote so much, "
        "suspect a stolen login",
    .cites = "Gmail cuts what it shows off at 102 KB",
    .level = Level::kNotice,
    .run = Run,
};

}  // namespace postern
