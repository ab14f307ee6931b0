#include "policy/signing/canonical.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

#include "policy/base/sha256.h"
#include "policy/base/text.h"

namespace postern {
namespace {

bool IsFoldOctet(char c) { return c == '\n' || c == '\r'; }

// Collects short runs, so that the hash is fed in large pieces; long runs go to
// it from where they are.
class HashFeed {
 public:
  void Add(std::string_view run) {
    if (run.size() > staged_.size() - size_) Flush();
    if (run.size() > staged_.size() / 4) return AddLong(run);
    std::memcpy(staged_.data() + size_, run.data(), run.size());
    size_ += run.size();
  }
  [[nodiscard]] std::string Finish() {
    Flush();
    return sha_.Finish();
  }

 private:
  void AddLong(std::string_view run) {
    Flush();
    sha_.Add(run);
  }
  void Flush() {
    sha_.Add({staged_.data(), size_});
    size_ = 0;
  }

  Sha256 sha_;
  std::array<char, 8192> staged_;  // only the first size_ octets are set
  std::size_t size_ = 0;
};

// A blank that relaxed canonicalization changes: a TAB, or a space before
// another blank or before CR.
bool IsOdd(char c, char next) {
  return c == '\t' || (c == ' ' && (IsBlank(next) || next == '\r'));
}

#ifdef __SSE2__
// The same for sixteen octets and their followers at once: one bit each.
unsigned OddOctets(const char* p) {
  const auto load = [](const char* from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  };
  const __m128i here = load(p), next = load(p + 1);
  const __m128i tab = _mm_set1_epi8('\t'), space = _mm_set1_epi8(' ');
  const __m128i followed = _mm_or_si128(
      _mm_or_si128(_mm_cmpeq_epi8(next, space), _mm_cmpeq_epi8(next, tab)),
      _mm_cmpeq_epi8(next, _mm_set1_epi8('\r')));
  const __m128i odd =
      _mm_or_si128(_mm_cmpeq_epi8(here, tab),
                   _mm_and_si128(_mm_cmpeq_epi8(here, space), followed));
  return static_cast<unsigned>(_mm_movemask_epi8(odd));
}
#endif

#ifdef __SSE2__
// Whether there is any blank at all in 64 octets.
bool HasBlank(const char* p) {
  const __m128i tab = _mm_set1_epi8('\t'), space = _mm_set1_epi8(' ');
  __m128i blanks = _mm_setzero_si128();
  for (std::size_t i = 0; i < 64; i += 16) {
    const __m128i octets =
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + i));
    blanks = _mm_or_si128(blanks, _mm_or_si128(_mm_cmpeq_epi8(octets, tab),
                                               _mm_cmpeq_epi8(octets, space)));
  }
  return _mm_movemask_epi8(blanks) != 0;
}
#endif

// Where the next odd blank stands; text.size(): nowhere.
std::size_t FindOdd(std::string_view text, std::size_t from) {
  std::size_t i = from;
#ifdef __SSE2__
  for (; i + 17 <= text.size(); i += 16) {
    // Where nothing is blank, as in Base64, four blocks are one.
    const bool is_first_of_four = (i - from) % 64 == 0;
    while (is_first_of_four && i + 65 <= text.size() &&
           !HasBlank(text.data() + i))
      i += 64;
    if (i + 17 > text.size()) break;
    if (const unsigned odd = OddOctets(text.data() + i); odd != 0)
      return i + static_cast<std::size_t>(std::countr_zero(odd));
  }
#endif
  for (; i < text.size(); ++i)
    if (IsOdd(text[i], i + 1 < text.size() ? text[i + 1] : '\0')) return i;
  return text.size();
}

// Without the blanks and empty lines at the end, which do not count. What is
// left is empty or ends a line that has text.
std::string_view WithoutEmptyEnd(std::string_view body) {
  for (;;) {
    while (!body.empty() && IsBlank(body.back())) body.remove_suffix(1);
    if (!body.ends_with("\r\n")) return body;
    body.remove_suffix(2);
  }
}

}  // namespace

std::string RelaxedField(std::string_view name, std::string_view value) {
  while (!name.empty() && IsBlank(name.back())) name.remove_suffix(1);
  std::string field;
  field.reserve(name.size() + value.size() + 1);
  for (const char c : name) field += ToLower(c);
  field += ':';
  const std::size_t begin = field.size();
  bool is_blank_before = false;
  for (const char c : value) {
    if (IsFoldOctet(c)) continue;
    if (IsBlank(c)) {
      is_blank_before = true;
      continue;
    }
    if (is_blank_before && field.size() > begin) field += ' ';
    is_blank_before = false;
    field += c;
  }
  return field;
}

std::string RelaxedBodyHash(std::string_view body) {
  body = WithoutEmptyEnd(body);
  HashFeed feed;
  for (std::size_t begin = 0; begin < body.size();) {
    const std::size_t odd = FindOdd(body, begin);
    feed.Add(body.substr(begin, odd - begin));
    begin = odd;
    while (begin < body.size() && IsBlank(body[begin])) ++begin;
    const bool ends_line = body.substr(begin, 2) == "\r\n";
    if (odd < body.size() && !ends_line) feed.Add(" ");
  }
  // RFC 6376 s.3.4.4: a body that is not empty ends with CRLF, an empty one is
  // null.
  if (!body.empty()) feed.Add("\r\n");
  return feed.Finish();
}

}  // namespace postern
