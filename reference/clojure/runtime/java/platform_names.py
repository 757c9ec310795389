"""The public classes of the Java platform (JDK 17) that a program may name; `!` marks an interface."""

from __future__ import annotations

NAMES: dict[str, str] = {
    "clojure.lang": (
        "AFn AFunction AMapEntry APersistentMap APersistentSet APersistentVector ARef AReference ASeq "
        "ATransientMap ATransientSet Agent ArityException ArrayChunk ArrayIter ArraySeq !Associative Atom "
        "BigInt Binding Box ChunkBuffer ChunkedCons Compile Compiler Cons !Counted Cycle Delay "
        "DynamicClassLoader EdnReader EnumerationSeq ExceptionInfo !Fn FnLoaderThunk !IAtom !IAtom2 "
        "!IBlockingDeref !IChunk !IChunkedSeq !IDeref !IEditableCollection !IExceptionInfo !IFn !IHashEq "
        "!IKVReduce !IKeywordLookup !ILookup !ILookupSite !ILookupThunk !IMapEntry !IMapIterable !IMeta !IObj "
        "!IPending !IPersistentCollection !IPersistentList !IPersistentMap !IPersistentSet !IPersistentStack "
        "!IPersistentVector !IProxy !IRecord !IReduce !IReduceInit !IRef !IReference !ISeq "
        "!ITransientAssociative !ITransientAssociative2 !ITransientCollection !ITransientMap !ITransientSet "
        "!ITransientVector !IType !Indexed IndexedSeq Intrinsics Iterate IteratorSeq Keyword KeywordLookupSite "
        "LazilyPersistentVector LazySeq LineNumberingPushbackReader LispReader LockingTransaction LongRange "
        "MapEntry !MapEquivalence MethodImplCache MultiFn Murmur3 !Named Namespace Numbers Obj "
        "PersistentArrayMap PersistentHashMap PersistentHashSet PersistentList PersistentQueue "
        "PersistentStructMap PersistentTreeMap PersistentTreeSet PersistentVector ProxyHandler RT Range Ratio "
        "ReaderConditional RecordIterator Reduced Ref Reflector Repeat Repl RestFn !Reversible Script "
        "SeqEnumeration SeqIterator !Seqable !Sequential !Settable !Sorted StringSeq Symbol TaggedLiteral "
        "TransactionalHashMap TransformerIterator Tuple Util Var Volatile WarnBoxedMath XMLHandler"
    ),
    "java.beans": (
        "!AppletInitializer !BeanInfo !BeanProperty !ConstructorProperties !Customizer !DesignMode "
        "!ExceptionListener !JavaBean !PropertyChangeListener !PropertyEditor !Transient "
        "!VetoableChangeListener !Visibility BeanDescriptor Beans DefaultPersistenceDelegate Encoder "
        "EventHandler EventSetDescriptor Expression FeatureDescriptor IndexedPropertyChangeEvent "
        "IndexedPropertyDescriptor IntrospectionException Introspector MethodDescriptor ParameterDescriptor "
        "PersistenceDelegate PropertyChangeEvent PropertyChangeListenerProxy PropertyChangeSupport "
        "PropertyDescriptor PropertyEditorManager PropertyEditorSupport PropertyVetoException SimpleBeanInfo "
        "Statement VetoableChangeListenerProxy VetoableChangeSupport XMLDecoder XMLEncoder"
    ),
    "java.io": (
        "!Closeable !DataInput !DataOutput !Externalizable !FileFilter !FilenameFilter !Flushable !ObjectInput "
        "!ObjectInputFilter !ObjectInputFilter$FilterInfo !ObjectInputValidation !ObjectOutput "
        "!ObjectStreamConstants !Serial !Serializable BufferedInputStream BufferedOutputStream BufferedReader "
        "BufferedWriter ByteArrayInputStream ByteArrayOutputStream CharArrayReader CharArrayWriter "
        "CharConversionException Console DataInputStream DataOutputStream EOFException File FileDescriptor "
        "FileInputStream FileNotFoundException FileOutputStream FilePermission FileReader FileWriter "
        "FilterInputStream FilterOutputStream FilterReader FilterWriter IOError IOException InputStream "
        "InputStreamReader InterruptedIOException InvalidClassException InvalidObjectException "
        "LineNumberInputStream LineNumberReader NotActiveException NotSerializableException "
        "ObjectInputFilter$Config ObjectInputFilter$Status ObjectInputStream ObjectInputStream$GetField "
        "ObjectOutputStream ObjectOutputStream$PutField ObjectStreamClass ObjectStreamException "
        "ObjectStreamField OptionalDataException OutputStream OutputStreamWriter PipedInputStream "
        "PipedOutputStream PipedReader PipedWriter PrintStream PrintWriter PushbackInputStream PushbackReader "
        "RandomAccessFile Reader SequenceInputStream SerializablePermission StreamCorruptedException "
        "StreamTokenizer StringBufferInputStream StringReader StringWriter SyncFailedException "
        "UTFDataFormatException UncheckedIOException UnsupportedEncodingException WriteAbortedException Writer"
    ),
    "java.lang": (
        "!Appendable !AutoCloseable !CharSequence !Cloneable !Comparable !Deprecated !FunctionalInterface "
        "!Iterable !Override !ProcessHandle !ProcessHandle$Info !Readable !Runnable !SafeVarargs "
        "!StackWalker$StackFrame !SuppressWarnings !System$Logger !Thread$UncaughtExceptionHandler "
        "AbstractMethodError ArithmeticException ArrayIndexOutOfBoundsException ArrayStoreException "
        "AssertionError Boolean BootstrapMethodError Byte Character Character$Subset Character$UnicodeBlock "
        "Character$UnicodeScript Class ClassCastException ClassCircularityError ClassFormatError ClassLoader "
        "ClassNotFoundException ClassValue CloneNotSupportedException Compiler Double Enum Enum$EnumDesc "
        "EnumConstantNotPresentException Error Exception ExceptionInInitializerError FdLibm$Cbrt FdLibm$Hypot "
        "FdLibm$Pow Float IllegalAccessError IllegalAccessException IllegalArgumentException "
        "IllegalCallerException IllegalMonitorStateException IllegalStateException IllegalThreadStateException "
        "IncompatibleClassChangeError IndexOutOfBoundsException InheritableThreadLocal InstantiationError "
        "InstantiationException Integer InternalError InterruptedException LayerInstantiationException "
        "LinkageError LiveStackFrame$PrimitiveSlot Long Math Module ModuleLayer ModuleLayer$Controller "
        "NegativeArraySizeException NoClassDefFoundError NoSuchFieldError NoSuchFieldException "
        "NoSuchMethodError NoSuchMethodException NullPointerException Number NumberFormatException Object "
        "OutOfMemoryError Package Process ProcessBuilder ProcessBuilder$Redirect ProcessBuilder$Redirect$Type "
        "Record ReflectiveOperationException Runtime Runtime$Version RuntimeException RuntimePermission "
        "SecurityException SecurityManager Short StackOverflowError StackTraceElement StackWalker "
        "StackWalker$Option StrictMath String StringBuffer StringBuilder StringIndexOutOfBoundsException "
        "System System$Logger$Level System$LoggerFinder Thread Thread$State ThreadDeath ThreadGroup "
        "ThreadLocal Throwable TypeNotPresentException UnknownError UnsatisfiedLinkError "
        "UnsupportedClassVersionError UnsupportedOperationException VerifyError VirtualMachineError Void "
        "WeakPairMap$Pair$Lookup WeakPairMap$Pair$Weak"
    ),
    "java.lang.annotation": (
        "!Annotation !Documented !Inherited !Native !Repeatable !Retention !Target AnnotationFormatError "
        "AnnotationTypeMismatchException ElementType IncompleteAnnotationException RetentionPolicy"
    ),
    "java.lang.invoke": (
        "!MethodHandleInfo !TypeDescriptor !TypeDescriptor$OfField !TypeDescriptor$OfMethod CallSite "
        "ClassSpecializer$Factory ClassSpecializer$SpeciesData ConstantBootstraps ConstantCallSite "
        "LambdaConversionException LambdaMetafactory MethodHandle MethodHandleProxies MethodHandles "
        "MethodHandles$Lookup MethodHandles$Lookup$ClassOption MethodType MutableCallSite SerializedLambda "
        "StringConcatException StringConcatFactory SwitchPoint VarHandle VarHandle$AccessMode "
        "VarHandle$VarHandleDesc VolatileCallSite WrongMethodTypeException"
    ),
    "java.lang.ref": (
        "!Cleaner$Cleanable Cleaner PhantomReference Reference ReferenceQueue SoftReference WeakReference"
    ),
    "java.lang.reflect": (
        "!AnnotatedArrayType !AnnotatedElement !AnnotatedParameterizedType !AnnotatedType "
        "!AnnotatedTypeVariable !AnnotatedWildcardType !GenericArrayType !GenericDeclaration "
        "!InvocationHandler !Member !ParameterizedType !Type !TypeVariable !WildcardType AccessibleObject "
        "Array Constructor Executable Field GenericSignatureFormatError InaccessibleObjectException "
        "InvocationTargetException MalformedParameterizedTypeException MalformedParametersException Method "
        "Modifier Parameter Proxy RecordComponent ReflectPermission UndeclaredThrowableException"
    ),
    "java.math": ("BigDecimal BigInteger MathContext RoundingMode"),
    "java.net": (
        "!ContentHandlerFactory !CookiePolicy !CookieStore !DatagramSocketImplFactory !FileNameMap "
        "!ProtocolFamily !SocketImplFactory !SocketOption !SocketOptions !URLStreamHandlerFactory "
        "Authenticator Authenticator$RequestorType BindException CacheRequest CacheResponse ConnectException "
        "ContentHandler CookieHandler CookieManager DatagramPacket DatagramSocket DatagramSocketImpl "
        "HttpCookie HttpRetryException HttpURLConnection IDN Inet4Address Inet6Address InetAddress "
        "InetSocketAddress InterfaceAddress JarURLConnection MalformedURLException MulticastSocket "
        "NetPermission NetworkInterface NoRouteToHostException PasswordAuthentication PortUnreachableException "
        "ProtocolException Proxy Proxy$Type ProxySelector ResponseCache SecureCacheResponse ServerSocket "
        "Socket SocketAddress SocketException SocketImpl SocketPermission SocketTimeoutException "
        "StandardProtocolFamily StandardSocketOptions URI URISyntaxException URL URLClassLoader URLConnection "
        "URLDecoder URLEncoder URLPermission URLStreamHandler UnixDomainSocketAddress UnknownHostException "
        "UnknownServiceException"
    ),
    "java.nio": (
        "Buffer BufferOverflowException BufferUnderflowException ByteBuffer ByteOrder CharBuffer DoubleBuffer "
        "FloatBuffer IntBuffer InvalidMarkException LongBuffer MappedByteBuffer ReadOnlyBufferException "
        "ShortBuffer"
    ),
    "java.nio.channels": (
        "!AsynchronousByteChannel !AsynchronousChannel !ByteChannel !Channel !CompletionHandler "
        "!GatheringByteChannel !InterruptibleChannel !MulticastChannel !NetworkChannel !ReadableByteChannel "
        "!ScatteringByteChannel !SeekableByteChannel !WritableByteChannel AcceptPendingException "
        "AlreadyBoundException AlreadyConnectedException AsynchronousChannelGroup AsynchronousCloseException "
        "AsynchronousFileChannel AsynchronousServerSocketChannel AsynchronousSocketChannel "
        "CancelledKeyException Channels ClosedByInterruptException ClosedChannelException "
        "ClosedSelectorException ConnectionPendingException DatagramChannel FileChannel FileChannel$MapMode "
        "FileLock FileLockInterruptionException IllegalBlockingModeException IllegalChannelGroupException "
        "IllegalSelectorException InterruptedByTimeoutException MembershipKey NoConnectionPendingException "
        "NonReadableChannelException NonWritableChannelException NotYetBoundException NotYetConnectedException "
        "OverlappingFileLockException Pipe Pipe$SinkChannel Pipe$SourceChannel ReadPendingException "
        "SelectableChannel SelectionKey Selector ServerSocketChannel ShutdownChannelGroupException "
        "SocketChannel UnresolvedAddressException UnsupportedAddressTypeException WritePendingException"
    ),
    "java.nio.charset": (
        "CharacterCodingException Charset CharsetDecoder CharsetEncoder CoderMalfunctionError CoderResult "
        "CodingErrorAction IllegalCharsetNameException MalformedInputException StandardCharsets "
        "UnmappableCharacterException UnsupportedCharsetException"
    ),
    "java.nio.file": (
        "!CopyOption !DirectoryStream !DirectoryStream$Filter !FileVisitor !OpenOption !Path !PathMatcher "
        "!SecureDirectoryStream !WatchEvent !WatchEvent$Kind !WatchEvent$Modifier !WatchKey !WatchService "
        "!Watchable AccessDeniedException AccessMode AtomicMoveNotSupportedException "
        "ClosedDirectoryStreamException ClosedFileSystemException ClosedWatchServiceException "
        "DirectoryIteratorException DirectoryNotEmptyException FileAlreadyExistsException FileStore FileSystem "
        "FileSystemAlreadyExistsException FileSystemException FileSystemLoopException "
        "FileSystemNotFoundException FileSystems FileVisitOption FileVisitResult Files InvalidPathException "
        "LinkOption LinkPermission NoSuchFileException NotDirectoryException NotLinkException Paths "
        "ProviderMismatchException ProviderNotFoundException ReadOnlyFileSystemException SimpleFileVisitor "
        "StandardCopyOption StandardOpenOption StandardWatchEventKinds"
    ),
    "java.nio.file.attribute": (
        "!AclFileAttributeView !AttributeView !BasicFileAttributeView !BasicFileAttributes "
        "!DosFileAttributeView !DosFileAttributes !FileAttribute !FileAttributeView !FileOwnerAttributeView "
        "!FileStoreAttributeView !GroupPrincipal !PosixFileAttributeView !PosixFileAttributes "
        "!UserDefinedFileAttributeView !UserPrincipal AclEntry AclEntry$Builder AclEntryFlag "
        "AclEntryPermission AclEntryType FileTime PosixFilePermission PosixFilePermissions "
        "UserPrincipalLookupService UserPrincipalNotFoundException"
    ),
    "java.security": (
        "!AlgorithmConstraints !Certificate !DomainCombiner !Guard !Key !KeyStore$Entry "
        "!KeyStore$Entry$Attribute !KeyStore$LoadStoreParameter !KeyStore$ProtectionParameter "
        "!Policy$Parameters !Principal !PrivateKey !PrivilegedAction !PrivilegedExceptionAction !PublicKey "
        "!SecureRandomParameters AccessControlContext AccessControlException AccessController "
        "AlgorithmParameterGenerator AlgorithmParameterGeneratorSpi AlgorithmParameters AlgorithmParametersSpi "
        "AllPermission AuthProvider BasicPermission CodeSigner CodeSource CryptoPrimitive DigestException "
        "DigestInputStream DigestOutputStream DomainLoadStoreParameter DrbgParameters "
        "DrbgParameters$Capability DrbgParameters$Instantiation DrbgParameters$NextBytes DrbgParameters$Reseed "
        "GeneralSecurityException GuardedObject Identity IdentityScope InvalidAlgorithmParameterException "
        "InvalidKeyException InvalidParameterException KeyException KeyFactory KeyFactorySpi "
        "KeyManagementException KeyPair KeyPairGenerator KeyPairGeneratorSpi KeyRep KeyRep$Type KeyStore "
        "KeyStore$Builder KeyStore$CallbackHandlerProtection KeyStore$PasswordProtection "
        "KeyStore$PrivateKeyEntry KeyStore$SecretKeyEntry KeyStore$TrustedCertificateEntry KeyStoreException "
        "KeyStoreSpi MessageDigest MessageDigestSpi NoSuchAlgorithmException NoSuchProviderException "
        "PKCS12Attribute Permission PermissionCollection Permissions Policy PolicySpi "
        "PrivilegedActionException ProtectionDomain Provider Provider$Service ProviderException "
        "SecureClassLoader SecureRandom SecureRandomSpi Security SecurityPermission Signature "
        "SignatureException SignatureSpi SignedObject Signer Timestamp URIParameter "
        "UnrecoverableEntryException UnrecoverableKeyException UnresolvedPermission"
    ),
    "java.security.cert": (
        "!CRLSelector !CertPathBuilderResult !CertPathChecker !CertPathParameters "
        "!CertPathValidatorException$Reason !CertPathValidatorResult !CertSelector !CertStoreParameters "
        "!Extension !PolicyNode !X509Extension CRL CRLException CRLReason CertPath CertPathBuilder "
        "CertPathBuilderException CertPathBuilderSpi CertPathValidator CertPathValidatorException "
        "CertPathValidatorException$BasicReason CertPathValidatorSpi CertStore CertStoreException CertStoreSpi "
        "Certificate CertificateEncodingException CertificateException CertificateExpiredException "
        "CertificateFactory CertificateFactorySpi CertificateNotYetValidException CertificateParsingException "
        "CertificateRevokedException CollectionCertStoreParameters LDAPCertStoreParameters "
        "PKIXBuilderParameters PKIXCertPathBuilderResult PKIXCertPathChecker PKIXCertPathValidatorResult "
        "PKIXParameters PKIXReason PKIXRevocationChecker PKIXRevocationChecker$Option PolicyQualifierInfo "
        "TrustAnchor URICertStoreParameters X509CRL X509CRLEntry X509CRLSelector X509CertSelector "
        "X509Certificate"
    ),
    "java.sql": (
        "!Array !Blob !CallableStatement !Clob !Connection !ConnectionBuilder !DatabaseMetaData !Driver "
        "!DriverAction !NClob !ParameterMetaData !PreparedStatement !Ref !ResultSet !ResultSetMetaData !RowId "
        "!SQLData !SQLInput !SQLOutput !SQLType !SQLXML !Savepoint !ShardingKey !ShardingKeyBuilder !Statement "
        "!Struct !Wrapper BatchUpdateException ClientInfoStatus DataTruncation Date DriverManager "
        "DriverPropertyInfo JDBCType PseudoColumnUsage RowIdLifetime SQLClientInfoException SQLDataException "
        "SQLException SQLFeatureNotSupportedException SQLIntegrityConstraintViolationException "
        "SQLInvalidAuthorizationSpecException SQLNonTransientConnectionException SQLNonTransientException "
        "SQLPermission SQLRecoverableException SQLSyntaxErrorException SQLTimeoutException "
        "SQLTransactionRollbackException SQLTransientConnectionException SQLTransientException SQLWarning Time "
        "Timestamp Types"
    ),
    "java.text": (
        "!AttributedCharacterIterator !CharacterIterator Annotation AttributedCharacterIterator$Attribute "
        "AttributedString Bidi BreakIterator ChoiceFormat CollationElementIterator CollationKey Collator "
        "CompactNumberFormat DateFormat DateFormat$Field DateFormatSymbols DecimalFormat DecimalFormatSymbols "
        "FieldPosition Format Format$Field MessageFormat MessageFormat$Field Normalizer Normalizer$Form "
        "NumberFormat NumberFormat$Field NumberFormat$Style ParseException ParsePosition RuleBasedCollator "
        "SimpleDateFormat StringCharacterIterator"
    ),
    "java.time": (
        "!InstantSource Clock DateTimeException DayOfWeek Duration Instant LocalDate LocalDateTime LocalTime "
        "Month MonthDay OffsetDateTime OffsetTime Period Year YearMonth ZoneId ZoneOffset ZonedDateTime"
    ),
    "java.time.chrono": (
        "!ChronoLocalDate !ChronoLocalDateTime !ChronoPeriod !ChronoZonedDateTime !Chronology !Era "
        "AbstractChronology HijrahChronology HijrahDate HijrahEra IsoChronology IsoEra JapaneseChronology "
        "JapaneseDate JapaneseEra MinguoChronology MinguoDate MinguoEra ThaiBuddhistChronology "
        "ThaiBuddhistDate ThaiBuddhistEra"
    ),
    "java.time.format": (
        "DateTimeFormatter DateTimeFormatterBuilder DateTimeParseException DecimalStyle FormatStyle "
        "ResolverStyle SignStyle TextStyle"
    ),
    "java.time.temporal": (
        "!Temporal !TemporalAccessor !TemporalAdjuster !TemporalAmount !TemporalField !TemporalQuery "
        "!TemporalUnit ChronoField ChronoUnit IsoFields JulianFields TemporalAdjusters TemporalQueries "
        "UnsupportedTemporalTypeException ValueRange WeekFields"
    ),
    "java.time.zone": (
        "ZoneOffsetTransition ZoneOffsetTransitionRule ZoneOffsetTransitionRule$TimeDefinition ZoneRules "
        "ZoneRulesException ZoneRulesProvider"
    ),
    "java.util": (
        "!Collection !Comparator !Deque !Enumeration !EventListener !Formattable !Iterator !List !ListIterator "
        "!Map !Map$Entry !NavigableMap !NavigableSet !Observer !PrimitiveIterator !PrimitiveIterator$OfDouble "
        "!PrimitiveIterator$OfInt !PrimitiveIterator$OfLong !Queue !RandomAccess !ServiceLoader$Provider !Set "
        "!SortedMap !SortedSet !Spliterator !Spliterator$OfDouble !Spliterator$OfInt !Spliterator$OfLong "
        "!Spliterator$OfPrimitive AbstractCollection AbstractList AbstractMap AbstractMap$SimpleEntry "
        "AbstractMap$SimpleImmutableEntry AbstractQueue AbstractSequentialList AbstractSet ArrayDeque "
        "ArrayList Arrays Base64 Base64$Decoder Base64$Encoder BitSet Calendar Calendar$Builder Collections "
        "ConcurrentModificationException Currency Date Dictionary DoubleSummaryStatistics "
        "DuplicateFormatFlagsException EmptyStackException EnumMap EnumSet EventListenerProxy EventObject "
        "FormatFlagsConversionMismatchException FormattableFlags Formatter Formatter$BigDecimalLayoutForm "
        "FormatterClosedException GregorianCalendar HashMap HashSet Hashtable HexFormat IdentityHashMap "
        "IllegalFormatCodePointException IllegalFormatConversionException IllegalFormatException "
        "IllegalFormatFlagsException IllegalFormatPrecisionException IllegalFormatWidthException "
        "IllformedLocaleException InputMismatchException IntSummaryStatistics InvalidPropertiesFormatException "
        "LinkedHashMap LinkedHashSet LinkedList ListResourceBundle Locale Locale$Builder Locale$Category "
        "Locale$FilteringMode Locale$IsoCountryCode Locale$LanguageRange LongSummaryStatistics "
        "MissingFormatArgumentException MissingFormatWidthException MissingResourceException "
        "NoSuchElementException Objects Observable Optional OptionalDouble OptionalInt OptionalLong "
        "PriorityQueue Properties PropertyPermission PropertyResourceBundle Random ResourceBundle "
        "ResourceBundle$Control Scanner ServiceConfigurationError ServiceLoader SimpleTimeZone Spliterators "
        "Spliterators$AbstractDoubleSpliterator Spliterators$AbstractIntSpliterator "
        "Spliterators$AbstractLongSpliterator Spliterators$AbstractSpliterator SplittableRandom Stack "
        "StringJoiner StringTokenizer TimeZone Timer TimerTask TooManyListenersException TreeMap TreeSet UUID "
        "UnknownFormatConversionException UnknownFormatFlagsException Vector WeakHashMap"
    ),
    "java.util.concurrent": (
        "!BlockingDeque !BlockingQueue !Callable !CompletableFuture$AsynchronousCompletionTask "
        "!CompletionService !CompletionStage !ConcurrentMap !ConcurrentNavigableMap !Delayed !Executor "
        "!ExecutorService !Flow$Processor !Flow$Publisher !Flow$Subscriber !Flow$Subscription "
        "!ForkJoinPool$ForkJoinWorkerThreadFactory !ForkJoinPool$ManagedBlocker !Future "
        "!RejectedExecutionHandler !RunnableFuture !RunnableScheduledFuture !ScheduledExecutorService "
        "!ScheduledFuture !ThreadFactory !TransferQueue AbstractExecutorService ArrayBlockingQueue "
        "BrokenBarrierException CancellationException CompletableFuture CompletionException ConcurrentHashMap "
        "ConcurrentHashMap$KeySetView ConcurrentLinkedDeque ConcurrentLinkedQueue ConcurrentSkipListMap "
        "ConcurrentSkipListSet CopyOnWriteArrayList CopyOnWriteArraySet CountDownLatch CountedCompleter "
        "CyclicBarrier DelayQueue Exchanger ExecutionException ExecutorCompletionService Executors Flow "
        "ForkJoinPool ForkJoinTask ForkJoinWorkerThread FutureTask LinkedBlockingDeque LinkedBlockingQueue "
        "LinkedTransferQueue Phaser PriorityBlockingQueue RecursiveAction RecursiveTask "
        "RejectedExecutionException ScheduledThreadPoolExecutor Semaphore SubmissionPublisher SynchronousQueue "
        "ThreadLocalRandom ThreadPoolExecutor ThreadPoolExecutor$AbortPolicy "
        "ThreadPoolExecutor$CallerRunsPolicy ThreadPoolExecutor$DiscardOldestPolicy "
        "ThreadPoolExecutor$DiscardPolicy TimeUnit TimeoutException"
    ),
    "java.util.concurrent.atomic": (
        "AtomicBoolean AtomicInteger AtomicIntegerArray AtomicIntegerFieldUpdater AtomicLong AtomicLongArray "
        "AtomicLongFieldUpdater AtomicMarkableReference AtomicReference AtomicReferenceArray "
        "AtomicReferenceFieldUpdater AtomicStampedReference DoubleAccumulator DoubleAdder LongAccumulator "
        "LongAdder"
    ),
    "java.util.concurrent.locks": (
        "!Condition !Lock !ReadWriteLock AbstractOwnableSynchronizer AbstractQueuedLongSynchronizer "
        "AbstractQueuedLongSynchronizer$ConditionObject AbstractQueuedSynchronizer "
        "AbstractQueuedSynchronizer$ConditionObject LockSupport ReentrantLock ReentrantReadWriteLock "
        "ReentrantReadWriteLock$ReadLock ReentrantReadWriteLock$WriteLock StampedLock"
    ),
    "java.util.function": (
        "!BiConsumer !BiFunction !BiPredicate !BinaryOperator !BooleanSupplier !Consumer !DoubleBinaryOperator "
        "!DoubleConsumer !DoubleFunction !DoublePredicate !DoubleSupplier !DoubleToIntFunction "
        "!DoubleToLongFunction !DoubleUnaryOperator !Function !IntBinaryOperator !IntConsumer !IntFunction "
        "!IntPredicate !IntSupplier !IntToDoubleFunction !IntToLongFunction !IntUnaryOperator "
        "!LongBinaryOperator !LongConsumer !LongFunction !LongPredicate !LongSupplier !LongToDoubleFunction "
        "!LongToIntFunction !LongUnaryOperator !ObjDoubleConsumer !ObjIntConsumer !ObjLongConsumer !Predicate "
        "!Supplier !ToDoubleBiFunction !ToDoubleFunction !ToIntBiFunction !ToIntFunction !ToLongBiFunction "
        "!ToLongFunction !UnaryOperator"
    ),
    "java.util.jar": (
        "Attributes Attributes$Name JarEntry JarException JarFile JarInputStream JarOutputStream Manifest"
    ),
    "java.util.logging": (
        "!Filter !LoggingMXBean ConsoleHandler ErrorManager FileHandler Formatter Handler Level LogManager "
        "LogRecord Logger LoggingPermission MemoryHandler SimpleFormatter SocketHandler StreamHandler "
        "XMLFormatter"
    ),
    "java.util.prefs": (
        "!NodeChangeListener !PreferenceChangeListener !PreferencesFactory AbstractPreferences "
        "BackingStoreException InvalidPreferencesFormatException NodeChangeEvent PreferenceChangeEvent "
        "Preferences"
    ),
    "java.util.regex": ("!MatchResult Matcher Pattern PatternSyntaxException"),
    "java.util.stream": (
        "!BaseStream !Collector !DoubleStream !DoubleStream$Builder !DoubleStream$DoubleMapMultiConsumer "
        "!IntStream !IntStream$Builder !IntStream$IntMapMultiConsumer !LongStream !LongStream$Builder "
        "!LongStream$LongMapMultiConsumer !Node$Builder !Node$Builder$OfDouble !Node$Builder$OfInt "
        "!Node$Builder$OfLong !Node$OfDouble !Node$OfInt !Node$OfLong !Node$OfPrimitive !Sink$OfDouble "
        "!Sink$OfInt !Sink$OfLong !Stream !Stream$Builder Collector$Characteristics Collectors "
        "Sink$ChainedDouble Sink$ChainedInt Sink$ChainedLong Sink$ChainedReference StreamSupport"
    ),
    "java.util.zip": (
        "!Checksum Adler32 CRC32 CRC32C CheckedInputStream CheckedOutputStream DataFormatException Deflater "
        "DeflaterInputStream DeflaterOutputStream GZIPInputStream GZIPOutputStream Inflater "
        "InflaterInputStream InflaterOutputStream ZipEntry ZipError ZipException ZipFile ZipInputStream "
        "ZipOutputStream"
    ),
    "javax.crypto": (
        "!KEMSpi !KEMSpi$DecapsulatorSpi !KEMSpi$EncapsulatorSpi !SecretKey AEADBadTagException "
        "BadPaddingException Cipher CipherInputStream CipherOutputStream CipherSpi DecapsulateException "
        "EncryptedPrivateKeyInfo ExemptionMechanism ExemptionMechanismException ExemptionMechanismSpi "
        "IllegalBlockSizeException KEM KEM$Decapsulator KEM$Encapsulated KEM$Encapsulator KeyAgreement "
        "KeyAgreementSpi KeyGenerator KeyGeneratorSpi Mac MacSpi NoSuchPaddingException NullCipher "
        "SealedObject SecretKeyFactory SecretKeyFactorySpi ShortBufferException"
    ),
    "javax.crypto.spec": (
        "ChaCha20ParameterSpec DESKeySpec DESedeKeySpec DHGenParameterSpec DHParameterSpec DHPrivateKeySpec "
        "DHPublicKeySpec GCMParameterSpec IvParameterSpec OAEPParameterSpec PBEKeySpec PBEParameterSpec "
        "PSource PSource$PSpecified RC2ParameterSpec RC5ParameterSpec SecretKeySpec"
    ),
    "javax.net": ("ServerSocketFactory SocketFactory"),
    "javax.net.ssl": (
        "!HandshakeCompletedListener !HostnameVerifier !KeyManager !ManagerFactoryParameters !SSLSession "
        "!SSLSessionBindingListener !SSLSessionContext !TrustManager !X509KeyManager !X509TrustManager "
        "CertPathTrustManagerParameters ExtendedSSLSession HandshakeCompletedEvent HttpsURLConnection "
        "KeyManagerFactory KeyManagerFactorySpi KeyStoreBuilderParameters SNIHostName SNIMatcher SNIServerName "
        "SSLContext SSLContextSpi SSLEngine SSLEngineResult SSLEngineResult$HandshakeStatus "
        "SSLEngineResult$Status SSLException SSLHandshakeException SSLKeyException SSLParameters "
        "SSLPeerUnverifiedException SSLPermission SSLProtocolException SSLServerSocket SSLServerSocketFactory "
        "SSLSessionBindingEvent SSLSocket SSLSocketFactory StandardConstants TrustManagerFactory "
        "TrustManagerFactorySpi X509ExtendedKeyManager X509ExtendedTrustManager"
    ),
    "javax.sql": (
        "!CommonDataSource !ConnectionEventListener !ConnectionPoolDataSource !DataSource !PooledConnection "
        "!PooledConnectionBuilder !RowSet !RowSetInternal !RowSetListener !RowSetMetaData !RowSetReader "
        "!RowSetWriter !StatementEventListener !XAConnection !XAConnectionBuilder !XADataSource "
        "ConnectionEvent RowSetEvent StatementEvent"
    ),
    "javax.xml.parsers": (
        "DocumentBuilder DocumentBuilderFactory FactoryConfigurationError ParserConfigurationException "
        "SAXParser SAXParserFactory"
    ),
    "javax.xml.transform": (
        "!ErrorListener !Result !Source !SourceLocator !Templates !URIResolver OutputKeys Transformer "
        "TransformerConfigurationException TransformerException TransformerFactory "
        "TransformerFactoryConfigurationError"
    ),
    "org.w3c.dom": (
        "!Attr !CDATASection !CharacterData !Comment !DOMConfiguration !DOMError !DOMErrorHandler "
        "!DOMImplementation !DOMImplementationList !DOMImplementationSource !DOMLocator !DOMStringList "
        "!Document !DocumentFragment !DocumentType !Element !ElementTraversal !Entity !EntityReference "
        "!NameList !NamedNodeMap !Node !NodeList !Notation !ProcessingInstruction !Text !TypeInfo "
        "!UserDataHandler DOMException"
    ),
    "org.xml.sax": (
        "!AttributeList !Attributes !ContentHandler !DTDHandler !DocumentHandler !EntityResolver !ErrorHandler "
        "!Locator !Parser !XMLFilter !XMLReader HandlerBase InputSource SAXException SAXNotRecognizedException "
        "SAXNotSupportedException SAXParseException"
    ),
}
