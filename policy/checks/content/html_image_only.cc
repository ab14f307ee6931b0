// html-image-only: pictures with hardly a word beside them.
//
// A filter cannot read a picture, so mail that says all in pictures is weighed
// as if it hid what it says. The alt texts of pictures are not words here,
// as SpamAssassin counts them.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

// SpamAssassin's first band, HTML_IMAGE_ONLY_04.
constexpr std::size_t kFewOctets = 400;

constexpr PredictedReply kPredicts[] = {
    {"any",
     550,
     {5, 7, 1},
     "spam score too high (HTML_IMAGE_ONLY_04)",
     "SpamAssassin 50_scores.cf: 0.6 to 2.1 points"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::size_t images = 0, with_alt = 0, octets = 0;
  bool is_over_limit = false;
  for (const auto& html : facts.html) {
    images += html->images;
    with_alt += html->images_with_alt;
    octets += html->text.size();
    is_over_limit |= html->is_over_limit;
  }
  if (images == 0 || octets >= kFewOctets) return {};
  if (is_over_limit) return UnknownFor("HTML over limit");
  return FailsWith("images: " + std::to_string(images) + " (" +
                   std::to_string(with_alt) +
                   " with alt), octets of text: " + std::to_string(octets));
}

}  // namespace

constinit const Check kHtmlImageOnly = {
    .id = "html-image-only",
    .rules = "C01",
    .summary = "The HTML shows pictures and less than 400 octets of text.",
    .fix =
        "write the message as text beside the pictures, 400 characters at "
        "least, and give these alt texts",
    .cites = "SpamAssassin HTML_IMAGE_ONLY_04 to _12",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
