#include "policy/facts/stream.h"

#include <algorithm>
#include <array>
#include <utility>

#include "policy/base/glob.h"
#include "policy/base/text.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

// No: it does not fit, whatever the header may still say.
enum class Fit { kNo, kYes, kUndecided };

bool IsWithin(const std::optional<Domain>& domain, const Domain& parent) {
  if (!domain) return false;
  return *domain == parent || domain->text().ends_with("." + parent.text());
}

bool HasField(const Header& header, std::string_view pattern) {
  constexpr std::size_t kMostOctets = 1000;
  const std::size_t colon = pattern.find(':');
  const std::string_view name = pattern.substr(0, colon);
  if (colon == pattern.npos) return header.Find(name) != nullptr;
  const std::string_view wanted = Trim(pattern.substr(colon + 1));
  return std::ranges::any_of(
      header.FindAll(name), [&](const HeaderField* field) {
        return MatchesGlob(field->Unfolded().substr(0, kMostOctets), wanted,
                           LetterCase::kIgnored);
      });
}

Fit FitOf(bool fits) { return fits ? Fit::kYes : Fit::kNo; }

Fit FitOfSenders(const StreamMatch& match, const Facts& facts) {
  const bool fits = std::ranges::any_of(match.senders, [&](const Domain& d) {
    return IsWithin(facts.mail_from_domain, d) ||
           IsWithin(facts.author_domain, d);
  });
  if (fits || facts.has_content) return FitOf(fits);
  return Fit::kUndecided;
}

Fit FitOf(const StreamMatch& match, const Facts& facts) {
  const Submission& submission = facts.message->submission;
  const bool fits_login =
      match.logins.empty() ||
      std::ranges::any_of(match.logins, [&](const std::string& pattern) {
        return !submission.login.empty() &&
               MatchesGlob(submission.login, pattern, LetterCase::kIgnored);
      });
  const bool fits_network =
      match.networks.empty() ||
      std::ranges::any_of(match.networks, [&](const IpNetwork& network) {
        return submission.client_address &&
               network.Contains(*submission.client_address);
      });
  if (!fits_login || !fits_network) return Fit::kNo;
  const Fit by_sender =
      match.senders.empty() ? Fit::kYes : FitOfSenders(match, facts);
  if (by_sender == Fit::kNo) return Fit::kNo;
  if (match.fields.empty() && !match.bulk) return by_sender;
  if (!facts.has_content) return Fit::kUndecided;
  const Header& header = facts.message->header;
  const bool fits_field =
      match.fields.empty() ||
      std::ranges::any_of(match.fields, [&](const std::string& pattern) {
        return HasField(header, pattern);
      });
  const bool fits_bulk = !match.bulk || *match.bulk == facts.is_bulk;
  return FitOf(fits_field && fits_bulk);
}

// Automatic answers are no mailings, whatever old programs call them:
// vacation(1) writes "Precedence: bulk".
bool IsAnswerOfAProgram(const Facts& facts) {
  const Header& header = facts.message->header;
  return IsAutomatic(facts) && header.Find("List-Unsubscribe") == nullptr &&
         header.Find("List-Id") == nullptr;
}

std::string_view BuiltInStreamOf(const Facts& facts) {
  if (IsAnswerOfAProgram(facts)) return "automatic";
  if (facts.is_bulk) return "marketing";
  return facts.message->submission.login.empty() ? "transactional" : "personal";
}

// The operator's table for a built-in stream whose matching he left alone.
const StreamConfig* BuiltInConfig(std::string_view name, const Config& config) {
  const auto it =
      std::ranges::find_if(config.streams, [&](const StreamConfig& stream) {
        return stream.name == name && stream.match.IsEmpty();
      });
  return it == config.streams.end() ? nullptr : &*it;
}

StreamFact StreamOf(const Facts& facts) {
  for (const StreamConfig& stream : facts.config->streams) {
    if (stream.match.IsEmpty()) continue;
    const Fit fit = FitOf(stream.match, facts);
    if (fit == Fit::kYes) return {stream.name, &stream};
    if (fit == Fit::kUndecided) return {.is_undecided = true};
  }
  if (!facts.has_content) return {.is_undecided = true};
  const std::string_view name = BuiltInStreamOf(facts);
  return {std::string(name), BuiltInConfig(name, *facts.config)};
}

}  // namespace

bool IsAutomatic(const Facts& facts) {
  const Header& header = facts.message->header;
  if (facts.message->envelope.mail_from.empty()) return true;
  if (const HeaderField* field = header.Find("Auto-Submitted"))
    return !StartsWithIgnoreCase(field->Unfolded(), "no");
  if (header.Find("X-Autoreply") != nullptr ||
      header.Find("X-Autorespond") != nullptr)
    return true;
  const HeaderField* precedence = header.Find("Precedence");
  return precedence != nullptr &&
         EqualsIgnoreCase(precedence->Unfolded(), "auto_reply");
}

void GatherStream(Facts* facts) {
  facts->stream = StreamOf(*facts);
  const StreamConfig* stream = facts->stream.config;
  if (stream != nullptr && stream->bulk)
    facts->is_bulk = *stream->bulk;
  else if (facts->has_content && IsAnswerOfAProgram(*facts))
    facts->is_bulk = false;
}

}  // namespace postern
