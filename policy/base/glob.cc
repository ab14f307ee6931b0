#include "policy/base/glob.h"

#include "policy/base/text.h"

namespace postern {
namespace {

bool SameLetter(char a, char b, LetterCase letters) {
  return a == b ||
         (letters == LetterCase::kIgnored && ToLower(a) == ToLower(b));
}

}  // namespace

bool MatchesGlob(std::string_view text, std::string_view glob,
                 LetterCase letters) {
  std::size_t t = 0, g = 0, star = glob.npos, resume = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      resume = t;
    } else if (g < glob.size() && SameLetter(glob[g], text[t], letters)) {
      ++g;
      ++t;
    } else if (star != glob.npos) {
      g = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == glob.npos;
}

}  // namespace postern
