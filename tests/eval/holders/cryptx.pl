# SPDX-License-Identifier: GPL-3.0-or-later
# cryptx.pl READY RSA EC ED25519: signs with keys of these PEM files, and holds them.
use strict;
use warnings;
use Crypt::PK::ECC;
use Crypt::PK::Ed25519;
use Crypt::PK::RSA;

my ($ready, @files) = @ARGV;
my @keys = (Crypt::PK::RSA->new($files[0]), Crypt::PK::ECC->new($files[1]),
            Crypt::PK::Ed25519->new($files[2]));
$_->sign_message('message') for @keys;
open(my $file, '>', $ready) or die;
close($file);
sleep(3600);
