# Prints the line of an htpasswd file for USER, with the password of FILE: bcrypt, the only form that the registry takes.
# The password is random and long, so a cheap hash is as good as a dear one, and each request costs one.
my ($user, $file) = @ARGV;
open my $in, '<', $file or die "$file: $!\n";
chomp(my $password = <$in>);
open my $random, '<:raw', '/dev/urandom' or die "/dev/urandom: $!\n";
read $random, my $bytes, 22;
my @letters = ('.', '/', 'A' .. 'Z', 'a' .. 'z', 0 .. 9);
my $salt = join '', map { $letters[ord($_) % 64] } split //, $bytes;
# Kubernetes makes one dollar sign of two, so two never stand together here.
my $hash = crypt $password, join('$', '', '2y', '05', $salt);
die "this perl makes no bcrypt\n" unless length($hash // '') == 60;
print "$user:$hash\n";
