// subject-shouting: capitals only, letters with gaps, "?!", dollars.

#include <string>
#include <string_view>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any",
     550,
     {5, 7, 1},
     "spam score too high (SUBJ_ALL_CAPS)",
     "SpamAssassin 50_scores.cf: 0.1 to 0.5 points"},
};

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

// SUBJ_ALL_CAPS: as SpamAssassin counts it, from ten letters and two words on.
bool IsAllCaps(std::string_view subject) {
  std::size_t letters = 0, spaces = 0;
  for (const char c : subject) {
    if (IsAlpha(c) && !IsUpper(c)) return false;
    if (static_cast<unsigned char>(c) >= 0x80) return false;
    letters += IsAlpha(c) ? 1 : 0;
    spaces += c == ' ' ? 1 : 0;
  }
  return letters >= 10 && spaces > 0;
}

// GAPPY_SUBJECT: "F R E E": four single letters in a row.
bool IsGappy(std::string_view subject) {
  int in_row = 0;
  for (const std::string_view word : Split(subject, ' ')) {
    in_row = word.size() == 1 && IsAlpha(word[0]) ? in_row + 1 : 0;
    if (in_row == 4) return true;
  }
  return false;
}

std::string_view FaultOf(std::string_view subject) {
  if (IsAllCaps(subject)) return "capitals only";
  if (IsGappy(subject)) return "letters with gaps";
  if (Contains(subject, "?!") || Contains(subject, "!?") ||
      Contains(subject, "!!!"))
    return "?! or !!!";
  if (Contains(subject, "$$")) return "$$";
  return "";
}

std::vector<Verdict> Run(const Facts& facts) {
  const HeaderField* field = facts.message->header.Find("Subject");
  if (field == nullptr) return {};
  // Encoded words are not shouted at a receiver that looks at the bytes; who
  // decodes them sees more than ASCII, which is not counted here.
  const std::string subject = field->Unfolded();
  if (Contains(subject, "=?")) return {};
  const std::string_view fault = FaultOf(subject);
  if (fault.empty()) return {};
  return FailsWith(std::string(fault) + ": \"" + EscapeForLog(subject, 80) +
                   "\"");
}

}  // namespace

constinit const Check kSubjectShouting = {
    .id = "subject-shouting",
    .rules = "C08",
    .summary = "The subject shouts.",
    .fix =
        "write the subject as an ordinary sentence, with one mark at most at "
        "its end",
    .cites = "SpamAssassin SUBJ_ALL_CAPS, GAPPY_SUBJECT, PLING_QUERY",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
