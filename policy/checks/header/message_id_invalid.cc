// message-id-invalid: an identifier that receivers read as none.

#include <algorithm>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 1},
     "Messages missing a valid Message-ID: header are not accepted",
     "support.google.com/a/answer/3726730"},
};

// Gmail's limit: 500 octets (support.google.com/a/answer/3726730).
constexpr std::size_t kMaxBytes = 500;

// Octets that no msg-id may hold outside of a quoted string, which nobody uses.
bool IsForeign(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet <= 0x20 || octet >= 0x7f || c == '<' || c == '>';
}

std::string Fault(std::string_view value) {
  if (value.size() > kMaxBytes)
    return "Message-ID of " + std::to_string(value.size()) + " octets";
  if (value.size() < 2 || value.front() != '<' || value.back() != '>')
    return "Message-ID without angle brackets";
  value = value.substr(1, value.size() - 2);
  if (std::any_of(value.begin(), value.end(), IsForeign))
    return "Message-ID with a space, bracket or octet outside ASCII";
  const std::size_t at = value.find('@');
  if (at == std::string_view::npos) return "Message-ID without @";
  if (at == 0 || at + 1 == value.size())
    return "Message-ID with nothing before or after the @";
  if (value.find('@', at + 1) != std::string_view::npos)
    return "Message-ID with more than one @";
  return {};
}

std::vector<Verdict> Run(const Facts& facts) {
  const HeaderField* field = facts.message->header.Find("Message-ID");
  if (field == nullptr) return {};  // message-id-missing
  const std::string fault = Fault(field->Unfolded());
  if (fault.empty()) return {};
  return FailsWith(fault);
}

}  // namespace

constinit const Check kMessageIdInvalid = {
    .id = "message-id-invalid",
    .rules = "H13",
    .summary = "The Message-ID is not <left@right>.",
    .fix =
        "write <unique@host.DOMAIN>, in ASCII, with one @; mode mend replaces "
        "it unless others signed it",
    .cites = "RFC 5322 s.3.6.4",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
