// template-in-header: {{name}}, %FIRSTNAME%, [[name]], *|FNAME|*, ${name}, <%=
// name %> in what readers see first.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 7, 1},
     "Spam message rejected",
     "SpamAssassin 4.0, UNRESOLVED_TEMPLATE"},
};

struct Marks {
  std::string_view begin, end;
};
constexpr Marks kMarks[] = {{"{{", "}}"}, {"[[", "]]"}, {"*|", "|*"},
                            {"${", "}"},  {"<%", "%>"}, {"%%", "%%"}};
constexpr std::size_t kLongest = 40;

// A name as programs write it: "user.first_name", with white space around it.
bool IsName(std::string_view text) {
  text = Trim(text);
  if (text.starts_with("=")) text = Trim(text.substr(1));
  if (text.empty() || text.size() > kLongest || IsDigit(text.front()))
    return false;
  for (const char c : text)
    if (!IsAlnum(c) && c != '_' && c != '.' && c != ':' && c != '-')
      return false;
  return true;
}

std::string_view Placeholder(std::string_view text) {
  for (const Marks& marks : kMarks) {
    const std::size_t begin = text.find(marks.begin);
    if (begin == text.npos) continue;
    const std::size_t inner = begin + marks.begin.size();
    const std::size_t end = text.find(marks.end, inner);
    if (end != text.npos && IsName(text.substr(inner, end - inner)))
      return text.substr(begin, end + marks.end.size() - begin);
  }
  // %FIRSTNAME%: capitals alone, so that "50% off, 20% more" is none.
  const std::size_t begin = text.find('%');
  const std::size_t end =
      begin == text.npos ? begin : text.find('%', begin + 1);
  if (end == text.npos || end < begin + 4) return {};
  for (const char c : text.substr(begin + 1, end - begin - 1))
    if (c != '_' && (c < 'A' || c > 'Z')) return {};
  return text.substr(begin, end - begin + 1);
}

std::vector<Verdict> Run(const Facts& facts) {
  for (const std::string_view text : {std::string_view(facts.header.subject),
                                      std::string_view(facts.header.from)}) {
    const std::string_view found = Placeholder(text);
    if (!found.empty()) return FailsWith("\"" + EscapeForLog(found, 60) + "\"");
  }
  for (const AddressField& field : facts.header.addresses)
    for (const Mailbox& mailbox : field.list.mailboxes) {
      const std::string_view found = Placeholder(mailbox.display_name);
      if (!found.empty())
        return FailsWith(field.name + ": \"" + EscapeForLog(found, 60) + "\"");
    }
  return {};
}

}  // namespace

constinit const Check kTemplateInHeader = {
    .id = "template-in-header",
    .rules = "H41",
    .summary = "A placeholder was not filled in.",
    .fix =
        "give the placeholder a value or a default in the template, and send a "
        "trial issue to yourself",
    .cites = "SpamAssassin UNRESOLVED_TEMPLATE",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
