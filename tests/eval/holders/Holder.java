// SPDX-License-Identifier: GPL-3.0-or-later
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Holder KEY READY: an RSA key, AES in use, a token in a String, one in a char[]. */
public class Holder {
    static final SecureRandom random = new SecureRandom();
    static Object[] held;

    static String letters(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; ++i)
            text.append("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789".charAt(random.nextInt(46)));
        return text.toString();
    }

    static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes)
            text.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
        return text.toString();
    }

    public static void main(String[] arguments) throws Exception {
        PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(
            new PKCS8EncodedKeySpec(Files.readAllBytes(Path.of(arguments[0]))));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update("text".getBytes());
        signature.sign();
        byte[] aes = new byte[32];
        random.nextBytes(aes);
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(aes, "AES"), new IvParameterSpec(new byte[16]));
        cipher.update(new byte[64]);
        String token = "sk" + "_live_" + letters(32);
        char[] wide = ("sk" + "_live_" + letters(32)).toCharArray();
        held = new Object[] {key, cipher, token, wide};
        String lines = "aes " + hex(aes) + "\nstring " + hex(token.getBytes()) + "\nchars "
            + hex(new String(wide).getBytes()) + "\n";
        Path ready = Path.of(arguments[1]);
        Path made = Path.of(arguments[1] + ".new");
        Files.writeString(made, lines);
        Files.move(made, ready, StandardCopyOption.ATOMIC_MOVE);
        Thread.sleep(3600_000);
    }
}
