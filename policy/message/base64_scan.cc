#include "policy/message/base64_scan.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kBlock = 16;

bool IsAlphabet(char c) { return IsAlnum(c) || c == '+' || c == '/'; }

bool IsSpace(char c) { return c == '\r' || c == '\n' || c == ' ' || c == '\t'; }

// How many octets of a whole block are of the alphabet, where the others are
// line ends; nullopt-like: kBlock + 1 where there is anything else.
#ifdef __SSE2__
std::size_t CountBlock(const char* p) {
  const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  const auto within = [](__m128i v, char first, char last) {
    return _mm_and_si128(
        _mm_cmpgt_epi8(v, _mm_set1_epi8(static_cast<char>(first - 1))),
        _mm_cmplt_epi8(v, _mm_set1_epi8(static_cast<char>(last + 1))));
  };
  const auto equal = [&](char c) {
    return _mm_cmpeq_epi8(octets, _mm_set1_epi8(c));
  };
  const __m128i letters =
      within(_mm_or_si128(octets, _mm_set1_epi8(0x20)), 'a', 'z');
  const __m128i others = _mm_or_si128(within(octets, '/', '9'), equal('+'));
  const __m128i ends = _mm_or_si128(equal('\r'), equal('\n'));
  const auto alphabet =
      static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(letters, others)));
  if (alphabet == 0xffffu) return kBlock;
  const auto line_ends = static_cast<unsigned>(_mm_movemask_epi8(ends));
  if ((alphabet | line_ends) != 0xffffu) return kBlock + 1;
  return kBlock - static_cast<std::size_t>(std::popcount(line_ends));
}
#else
std::size_t CountBlock(const char* p) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {
    if (IsAlphabet(p[i]))
      ++count;
    else if (p[i] != '\r' && p[i] != '\n')
      return kBlock + 1;
  }
  return count;
}
#endif

}  // namespace

Base64Scan ScanBase64(std::string_view body, std::size_t begin, std::size_t end,
                      std::span<const Base64Run> runs) {
  Base64Scan scan;
  std::size_t count = 0, padding = 0;
  auto run = std::ranges::lower_bound(runs, begin, {}, &Base64Run::begin);
  for (std::size_t i = begin; i < end;) {
    // Whole groups: they change nothing. A run is found at its beginning.
    if (run != runs.end() && run->begin <= i) {
      if (run->begin == i && run->end <= end && padding == 0) i = run->end;
      ++run;
      continue;
    }
    const std::size_t until =
        run == runs.end() ? end : std::min(end, run->begin);
    if (padding == 0 && until - i >= kBlock) {
      const std::size_t counted = CountBlock(body.data() + i);
      if (counted <= kBlock) {
        count += counted;
        i += kBlock;
        continue;
      }
    }
    const std::size_t stop = std::min(until, i + kBlock);
    for (; i < stop; ++i) {
      const char c = body[i];
      if (c == '=') {
        ++padding;
      } else if (IsAlphabet(c)) {
        scan.has_more |= padding > 0;
        ++count;
      } else if (!IsSpace(c)) {
        scan.has_more |= padding > 0;
        scan.has_foreign |= padding == 0;
      }
    }
  }
  scan.has_more |= padding > 2;
  scan.is_cut = !scan.has_more && (count + padding) % 4 != 0;
  return scan;
}

}  // namespace postern
