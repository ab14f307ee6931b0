# Writes messages with MIME::Lite and Email::MIME: write.pl FOLDER < JSON
use strict;
use warnings;
use JSON::PP;
use Encode qw(encode);

my $folder = shift;
local $/;
my $letters = decode_json(<STDIN>);

sub keep {
  my ($name, $text) = @_;
  $text =~ s/\r?\n/\r\n/g;
  open my $out, '>:raw', "$folder/$name.eml" or die $!;
  print $out $text;
  close $out;
}

sub lite {
  my ($letter, $kind) = @_;
  my %headers = %{$letter->{headers}};
  my $subject = encode('MIME-Header', $letter->{subject});
  my $message = MIME::Lite->new(
    From => 'Alice <alice@example.org>', To => 'bob@receiver.example',
    Subject => $subject,
    Type => $kind eq 'plain' ? 'text/plain' : 'multipart/mixed',
    $kind eq 'plain' ? (Data => encode('UTF-8', $letter->{text}),
                        Encoding => 'quoted-printable') : ());
  $message->attr('content-type.charset' => 'UTF-8') if $kind eq 'plain';
  if ($kind ne 'plain') {
    my $html = $message->attach(Type => 'text/html',
      Data => encode('UTF-8', $letter->{html}), Encoding => 'quoted-printable');
    $html->attr('content-type.charset' => 'UTF-8');
    $message->attach(Type => 'application/pdf', Filename => 'invoice.pdf',
      Disposition => 'attachment', Data => "%PDF-1.4\n%%EOF\n",
      Encoding => 'base64');
  }
  $message->add($_ => $headers{$_}) for sort keys %headers;
  keep("mime-lite-$letter->{name}-$kind", $message->as_string);
}

sub email_mime {
  my ($letter) = @_;
  my @parts = map {
    Email::MIME->create(
      attributes => {content_type => $_->[0], charset => 'UTF-8',
                     encoding => $_->[2]},
      body_str => $_->[1])
  } (['text/plain', $letter->{text}, 'quoted-printable'],
     ['text/html', $letter->{html}, 'base64']);
  my $message = Email::MIME->create(
    header_str => [From => 'Alice <alice@example.org>',
                   To => 'Bob <bob@receiver.example>',
                   Subject => $letter->{subject}, %{$letter->{headers}}],
    attributes => {content_type => 'multipart/alternative'},
    parts => \@parts);
  keep("email-mime-$letter->{name}", $message->as_string);
}

if (eval { require MIME::Lite; 1 }) {
  for my $letter (@$letters) { lite($letter, $_) for 'plain', 'pdf' }
}
if (eval { require Email::MIME; 1 }) {
  email_mime($_) for @$letters;
}
