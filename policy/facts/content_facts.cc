#include "policy/facts/content_facts.h"

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "policy/base/public_suffix.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

// Who needs the phrases.
constexpr std::string_view kChecks[] = {"template-unexpanded",
                                        "credential-phishing", "scam-phrases",
                                        "unsubscribe-link-missing"};

std::optional<Domain> SiteOf(const Domain& domain) {
  const std::optional<Domain> site = RegistrableDomain(domain);
  return site ? site : domain;
}

enum class Where { kName, kSubject, kBody };

class Search {
 public:
  Search(const PhraseList& list, ContentFact* found)
      : list_(list), found_(found) {}

  void In(std::string_view text, Where where);
  void In(const PartText& text);
  // The places of brands: those in name or subject first.
  [[nodiscard]] const std::set<std::pair<bool, std::size_t>>& brands() const {
    return brands_;
  }

 private:
  void Note(std::span<const std::size_t> places, Where where);

  const PhraseList& list_;
  ContentFact* found_;
  std::size_t octets_ = 0;
  std::set<std::pair<bool, std::size_t>> brands_;   // is in the body, place
  std::set<std::pair<std::size_t, bool>> phrases_;  // place, is in subject
};

void Search::In(std::string_view text, Where where) {
  const std::size_t rest = ContentFact::kMostOctets - octets_;
  found_->is_undecided |= text.size() > rest;
  text = text.substr(0, rest);
  octets_ += text.size();
  const auto places = list_.set->FindIn(text);
  if (!places) {
    found_->is_undecided = true;
    return;
  }
  Note(*places, where);
}

void Search::In(const PartText& text) {
  found_->is_undecided |= text.is_undecided || !text.is_searched_whole;
  Note(text.phrases, Where::kBody);
}

void Search::Note(std::span<const std::size_t> places, Where where) {
  for (const std::size_t place : places) {
    if (place >= list_.phrases.size()) {
      brands_.emplace(where == Where::kBody, place - list_.phrases.size());
      continue;
    }
    const bool in_subject = where == Where::kSubject;
    if (where == Where::kName || !phrases_.emplace(place, in_subject).second)
      continue;
    const Phrase& phrase = list_.phrases[place];
    found_->phrases.push_back(
        {phrase.phrase_class, phrase.pattern, in_subject});
  }
}

bool IsOfSite(const Domain& site, const std::vector<Domain>& domains) {
  return std::ranges::any_of(domains, [&](const Domain& domain) {
    return site == domain || site == SiteOf(domain) ||
           site.text().ends_with("." + domain.text());
  });
}

// Where readers are led: what they can follow, host by host.
std::vector<Domain> SitesOfLinks(const Facts& facts) {
  constexpr std::size_t kMostHosts = 200;
  std::set<std::string_view> seen;
  std::vector<Domain> sites;
  for (const Link& link : facts.links) {
    const bool is_followed = link.origin == LinkOrigin::kHref ||
                             link.origin == LinkOrigin::kText ||
                             link.origin == LinkOrigin::kForm;
    if (!is_followed || link.host.empty() || !seen.insert(link.host).second)
      continue;
    if (seen.size() > kMostHosts) break;
    if (const auto domain = Domain::Parse(link.host)) sites.push_back(*domain);
  }
  return sites;
}

// The brand writes itself, or does not send its readers elsewhere: nothing is
// borrowed. The author's own site is no foreign one.
void AddBorrowed(const Facts& facts, const Search& search,
                 ContentFact* content) {
  if (search.brands().empty()) return;
  const std::vector<Domain> sites = SitesOfLinks(facts);
  const std::optional<Domain> author =
      facts.author_domain ? SiteOf(*facts.author_domain) : std::nullopt;
  std::set<std::size_t> taken;
  for (const auto& [in_body, place] : search.brands()) {
    const Brand& brand = facts.config->phrases->brands[place];
    if (!taken.insert(place).second ||
        (author && IsOfSite(*author, brand.domains)))
      continue;
    const auto foreign = std::ranges::find_if(sites, [&](const Domain& host) {
      const std::optional<Domain> site = SiteOf(host);
      return site != author && !IsOfSite(host, brand.domains) &&
             !IsOfSite(*site, brand.domains);
    });
    if (foreign != sites.end())
      content->brands.push_back({brand.name, !in_body, foreign->text()});
  }
}

}  // namespace

std::size_t ContentFact::CountOf(PhraseClass phrase_class) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      phrases,
      [&](const PhraseHit& hit) { return hit.phrase_class == phrase_class; }));
}

const PhraseHit* ContentFact::FirstOf(PhraseClass phrase_class) const {
  const auto it = std::ranges::find_if(phrases, [&](const PhraseHit& hit) {
    return hit.phrase_class == phrase_class;
  });
  return it == phrases.end() ? nullptr : &*it;
}

bool WantsPhrases(const Facts& facts) {
  return std::ranges::any_of(kChecks, [&](std::string_view check) {
    return PolicyOf(check, *facts.config, facts.stream.config).action !=
           Action::kOff;
  });
}

void GatherPhrases(Facts* facts) {
  const PhraseList* list = facts->config->phrases.get();
  if (list == nullptr || !WantsPhrases(*facts)) return;
  ContentFact& content = facts->content;
  if (!list->set) {
    content.is_undecided = true;
    return;
  }
  Search search(*list, &content);
  if (const HeaderField* subject = facts->message->header.Find("Subject"))
    search.In(DecodeUnstructured(subject->Unfolded()), Where::kSubject);
  for (const Mailbox& mailbox : facts->from.mailboxes)
    if (!mailbox.display_name.empty())
      search.In(DecodeUnstructured(mailbox.display_name), Where::kName);
  for (std::size_t i = 0; i < facts->texts.size(); ++i)
    if (facts->texts[i] != nullptr && HasWords(facts->mime.parts[i]))
      search.In(*facts->texts[i]);
  AddBorrowed(*facts, search, &content);
}

}  // namespace postern
