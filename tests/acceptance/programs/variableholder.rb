# SPDX-License-Identifier: GPL-3.0-or-later
# Holds secrets in variables, constants and members of objects, made at run time.
#
# Writes "name hex" lines to the file that COREDACT_READY names, and waits to be dumped.
require 'securerandom'

TOLD = {}

def made(name)
  TOLD[name] = SecureRandom.alphanumeric(20) + '1a'
end

class Small
  def initialize
    @host = 'db'
    @password = made('object')
  end
end

class Large
  def initialize
    @host = 'db'
    @port = @user = @name = 1
    @passphrase = made('large')
  end
end

class Settings
  DB_PASSWORD = made('constant')
  @api_token = made('class')
  @@client_secret = made('shared')
end

class Wrapped
  def initialize(value)
    @value = value
  end
end

class Holder
  def initialize
    @password = Wrapped.new(made('wrapped'))
  end
end

Account = Struct.new(:user, :password)
Server = Struct.new(:host, :port, :user, :password)

def connector(auth_token)
  -> { auth_token }
end

def serve(told)
  password = made('local')
  path = ENV['COREDACT_READY']
  File.write("#{path}.new", told.map { |name, value| "#{name} #{value.unpack1('H*')}\n" }.join)
  told.clear
  File.rename("#{path}.new", path)
  sleep
  password
end

$small = Small.new
$large = Large.new
$holder = Holder.new
$account = Account.new('me', made('struct'))
$server = Server.new('db', 1, 'me', made('members'))
$connect = connector(made('closure'))
$proxy_password = made('global')
$text = +'text'
$text.instance_variable_set(:@password, made('apart'))
$pairs = [[:password, made('pair')]]
serve(TOLD)
