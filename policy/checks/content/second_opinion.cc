// second-opinion: what rspamd or SpamAssassin on this host think of it.
//
// Their score is told from 5 points on, as one finding. It is never our
// verdict: the operator may hold on it.

#include <cstdio>
#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr double kWorthTelling = 5.0;

std::string Rounded(double score) {
  std::string text(40, '\0');
  const int size = std::snprintf(text.data(), text.size(), "%.1f", score);
  text.resize(size > 0 && size < 40 ? static_cast<std::size_t>(size) : 0);
  return text;
}

std::vector<Verdict> Run(const Facts& facts) {
  std::string told, unknown;
  for (const SecondOpinion& opinion : facts.second_opinions) {
    if (!opinion.is_known) {
      unknown += (unknown.empty() ? "" : "; ") + opinion.filter + ": " +
                 EscapeForLog(opinion.fault, 100);
    } else if (opinion.score >= kWorthTelling) {
      told += (told.empty() ? "" : "; ") + opinion.filter + ": " +
              Rounded(opinion.score) + " of " + Rounded(opinion.threshold) +
              " (" + EscapeForLog(opinion.symbols, 200) + ")";
    }
  }
  if (!told.empty()) return FailsWith(told);
  if (!unknown.empty()) return UnknownFor(unknown);
  return {};
}

}  // namespace

constinit const Check kSecondOpinion = {
    .id = "second-opinion",
    .rules = "C04",
    .summary = "Another filter gives the message 5 points or more.",
    .fix =
        "look up what the named symbols stand for, the costly ones first, and "
        "change that in the message",
    .cites = "second_opinion.rspamd, second_opinion.spamd",
    .level = Level::kNotice,
    .run = Run,
};

}  // namespace postern
