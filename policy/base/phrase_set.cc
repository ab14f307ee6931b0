#include "policy/base/phrase_set.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <utility>

namespace postern {
namespace {

// For the patterns and the automaton that matching builds. Texts that would
// need more make it start anew, then give up.
constexpr std::int64_t kMostMemory = std::int64_t{16} << 20;

RE2::Options OptionsOf() {
  RE2::Options options;
  options.set_max_mem(kMostMemory);
  options.set_log_errors(false);
  // Words of one phrase may stand on two lines.
  options.set_dot_nl(true);
  return options;
}

}  // namespace

struct PhraseSet::Compiled {
  Compiled() : set(OptionsOf(), RE2::UNANCHORED) {}
  RE2::Set set;
};

PhraseSet::PhraseSet(std::unique_ptr<const Compiled> compiled)
    : compiled_(std::move(compiled)) {}
PhraseSet::PhraseSet(PhraseSet&&) noexcept = default;
PhraseSet& PhraseSet::operator=(PhraseSet&&) noexcept = default;
PhraseSet::~PhraseSet() = default;

std::string PhraseSet::FaultOf(const std::string& pattern) {
  RE2::Set one(OptionsOf(), RE2::UNANCHORED);
  std::string error;
  if (one.Add(pattern, &error) < 0) return error;
  return {};
}

Result<PhraseSet> PhraseSet::Compile(std::span<const std::string> patterns) {
  if (patterns.empty()) return PhraseSet(nullptr);
  auto compiled = std::make_unique<Compiled>();
  for (const std::string& pattern : patterns) {
    std::string error;
    if (compiled->set.Add(pattern, &error) < 0)
      return Fail("\"" + pattern + "\": " + error);
  }
  if (!compiled->set.Compile())
    return Fail("the patterns together need more than 16 MiB");
  return PhraseSet(std::move(compiled));
}

std::optional<std::vector<std::size_t>> PhraseSet::FindIn(
    std::string_view text) const {
  std::vector<std::size_t> places;
  if (compiled_ == nullptr || text.empty()) return places;
  std::vector<int> found;
  RE2::Set::ErrorInfo error{RE2::Set::kNoError};
  const bool has_found = compiled_->set.Match(
      re2::StringPiece(text.data(), text.size()), &found, &error);
  if (!has_found && error.kind != RE2::Set::kNoError) return std::nullopt;
  places.assign(found.begin(), found.end());
  std::ranges::sort(places);
  return places;
}

}  // namespace postern
